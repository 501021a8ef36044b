/**
 * Gathers the facts of the change that a production deployment needs, before it is recorded with it. Nobody types any of them in.
 *
 * An engine or a registry that does not answer makes no request fail: what it would have told is left out and counts as not proven.
 */
import { blastRadius, conflictsOf } from '../domain/changes/blast-radius.ts';
import type { ChangeApproval, ChangeEvidence, ChangeFacts, ChangeOverride, RollbackPlan } from '../domain/changes/change.ts';
import { deltaOf } from '../domain/changes/delta.ts';
import { conditionsOf, kindOf } from '../domain/changes/kind.ts';
import { riskOf } from '../domain/changes/risk.ts';
import { rollbackPlan } from '../domain/changes/rollback.ts';
import type { DeploymentPurpose } from '../domain/deployment.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Verdict } from '../domain/gates/verdict.ts';
import type { Observed } from '../domain/instance.ts';
import { sentenceOf } from '../domain/rollout/sentence.ts';
import { workloadOf } from '../domain/workload.ts';
import type { ChangeOpening } from '../store/change.ts';
import type { StoredRelease } from '../store/release.ts';
import type { Context } from './context.ts';

export type ChangeSubject = {
  readonly release: StoredRelease;
  readonly environment: string;
  readonly purpose: DeploymentPurpose;
  readonly incident: string | null;
  readonly requestedBy: string;
  readonly verdicts: readonly Verdict[];
  /** Of the plan, which approvals are bound to. */
  readonly planHash: string;
  readonly overrideId: string | null;
};

/** Null where `platform.yaml` asks for no change. */
export async function describeChange(context: Context, subject: ChangeSubject): Promise<ChangeOpening | null> {
  if (!needsChange(context, subject.environment)) return null;
  const facts = await factsOf(context, subject);
  return { id: context.newId('chg'), kind: kindOf(subject.incident, facts.conditions), facts };
}

export function needsChange(context: Context, environment: string): boolean {
  return context.platform.environments.find(({ name }) => name === environment)?.gates.change === true;
}

async function factsOf(context: Context, subject: ChangeSubject): Promise<ChangeFacts> {
  const { release, environment, purpose, incident, requestedBy } = subject;
  const { changes, deployments } = context.store;
  const { component, version, digest, image, spec } = release;
  const current = await deployments.current(component, environment);
  const former = current === null ? null : await context.store.releases.byDigest(current.releaseDigest);
  const [nodes, open, verifications, recent] = await Promise.all([
    changes.nodes(environment),
    changes.open(environment),
    changes.verifications(digest),
    changes.recent(component, environment),
  ]);
  const evidence = await context.store.evidence.of(digest);
  const delta = await deltaBetween(context, former, release, environment, evidence);
  const observed = await context.engine.observe({ component, environment }).catch(() => null);
  const rollback = await wayBack(context, former, release, environment, observed);
  const neighbours = blastRadius(component, nodes);
  const risk = riskOf({ criticality: spec.criticality, formerVersion: former?.version ?? null, delta, neighbours, recent });
  const below = context.environments[context.environments.indexOf(environment) - 1] ?? null;
  const verifiedBelow = verifications.some((one) => one.environment === below);
  return {
    ...{ component, system: spec.system, team: spec.team, criticality: spec.criticality, environment, version, image },
    ...{ releaseDigest: digest, formerVersion: former?.version ?? null, purpose, incident, requestedBy },
    conditions: conditionsOf({ incident, release, environment, below, verifiedBelow, rollback, risk }),
    ...{ delta, neighbours, risk, rollback, verifications },
    approvals: await approvalsOf(context, subject),
    override: await overrideOf(context, subject.overrideId),
    plan: { hash: subject.planHash, steps: stepsOf(context, release, environment, observed) },
    evidence: newestOfEachKind(evidence),
    verdicts: subject.verdicts.map(({ gate, verdict, reason }) => ({ gate, verdict, reason })),
    conflicts: conflictsOf(component, spec.dependsOn, nodes, open),
  };
}

export type Outlook = Pick<ChangeFacts, 'delta' | 'evidence' | 'rollback'>;

/** What a release would bring to an environment, what is known of it, and the way back from it. */
export async function outlookOf(context: Context, release: StoredRelease, environment: string): Promise<Outlook> {
  const current = await context.store.deployments.current(release.component, environment);
  const former = current === null ? null : await context.store.releases.byDigest(current.releaseDigest);
  const evidence = await context.store.evidence.of(release.digest);
  const delta = await deltaBetween(context, former, release, environment, evidence);
  const rollback = await wayBack(context, former, release, environment, null);
  return { delta, evidence: newestOfEachKind(evidence), rollback };
}

async function deltaBetween(
  context: Context,
  former: StoredRelease | null,
  release: StoredRelease,
  environment: string,
  evidence: readonly Evidence[],
) {
  const commits = await context.store.releases.commitsBetween(former, release);
  const formerEvidence = former === null ? [] : await context.store.evidence.of(former.digest);
  return deltaOf({ environment, former, release, commits, formerEvidence, evidence, hash: context.hash });
}

/** Null observed: without its steps. */
export async function wayBack(
  context: Context,
  former: StoredRelease | null,
  release: StoredRelease,
  environment: string,
  observed: Observed | null,
): Promise<RollbackPlan> {
  if (former === null) return rollbackPlan({ environment, former, held: false, verifiedHere: false, rehearsedIn: null, steps: [] });
  const { changes } = context.store;
  const environmentsBelow = context.environments.slice(0, context.environments.indexOf(environment));
  const [held, verified, rehearsedIn] = await Promise.all([
    context.registry.holds(former.image).catch(() => false),
    changes.verifications(former.digest),
    changes.rehearsedIn(release.digest, former.digest, environmentsBelow),
  ]);
  const verifiedHere = verified.some((one) => one.environment === environment);
  const workload = workloadOf(former, environment, context.hash);
  // Planned against an empty place: the new set of the former release is started beside whatever serves then.
  const steps = observed === null ? [] : context.engine.plan(workload, { ...observed, instances: [] }).map(sentenceOf);
  return rollbackPlan({ environment, former, held, verifiedHere, rehearsedIn, steps });
}

function stepsOf(context: Context, release: StoredRelease, environment: string, observed: Observed | null): readonly string[] {
  if (observed === null) return [];
  return context.engine.plan(workloadOf(release, environment, context.hash), observed).map(sentenceOf);
}

/** What people said about this very plan. */
async function approvalsOf(context: Context, { release, environment, planHash }: ChangeSubject): Promise<readonly ChangeApproval[]> {
  const approvals = await context.store.approvals.list({ releaseDigest: release.digest, environment });
  return approvals.filter((approval) => approval.planHash === planHash).flatMap(({ decisions }) => decisions);
}

async function overrideOf(context: Context, id: string | null): Promise<ChangeOverride | null> {
  const override = id === null ? null : await context.store.overrides.find(id);
  if (override === null) return null;
  const { reason, requestedBy, approvedBy } = override;
  return { id: override.id, reason, requestedBy, approvedBy };
}

function newestOfEachKind(evidence: readonly Evidence[]): readonly ChangeEvidence[] {
  const newest = new Map(evidence.toReversed().map((one) => [one.kind, one]));
  return [...newest.values()].map(({ kind, outcome, summary, recordedAt }) => ({ kind, outcome, summary, recordedAt }));
}
