/**
 * Gathers the facts of the change that a production deployment needs, before it is recorded with it. Nobody types any of them in.
 *
 * An engine or a registry that does not answer makes no request fail: what it would have told is left out and counts as not proven.
 */
import { blastRadius, conflictsOf } from '../domain/changes/blast-radius.ts';
import {
  type ChangeApproval,
  type ChangeEvidence,
  type ChangeFacts,
  type ChangeKind,
  type ChangeOverride,
  type RollbackPlan,
  verdictInChange,
} from '../domain/changes/change.ts';
import { deltaOf } from '../domain/changes/delta.ts';
import { type ChangeOutlook, conditionsOf, kindOf, outlookOn } from '../domain/changes/kind.ts';
import { riskOf } from '../domain/changes/risk.ts';
import { rollbackPlan } from '../domain/changes/rollback.ts';
import type { DeploymentPurpose } from '../domain/deployment.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Verdict } from '../domain/gates/verdict.ts';
import type { Observed } from '../domain/instance.ts';
import { stageBefore } from '../domain/platform.ts';
import { sentenceOf } from '../domain/rollout/sentence.ts';
import { workloadOf } from '../domain/workload.ts';
import type { ChangeOpening } from '../store/change.ts';
import type { StoredRelease } from '../store/release.ts';
import type { Context } from './context.ts';

/** What a change would be about, as far as its kind depends on that. */
type Weighed = { readonly release: StoredRelease; readonly environment: string; readonly incident: string | null };

export type ChangeSubject = Weighed & {
  readonly purpose: DeploymentPurpose;
  readonly requestedBy: string;
  readonly verdicts: readonly Verdict[];
  /** Of the plan, which approvals are bound to. */
  readonly planHash: string;
  readonly overrideId: string | null;
};

/** Null where `platform.yaml` asks for no change. */
export async function describeChange(context: Context, subject: ChangeSubject): Promise<ChangeOpening | null> {
  if (!needsChange(context, subject.environment)) return null;
  const { kind, facts } = await factsOf(context, subject);
  return { id: context.newId('chg'), kind, facts };
}

/** What gates ask about it; null where no change is needed. What moves is held to the kind that its record has. */
export async function changeOutlook(context: Context, subject: Weighed, deployment: string | null): Promise<ChangeOutlook | null> {
  if (!needsChange(context, subject.environment)) return null;
  const recorded = deployment === null ? null : await context.store.changes.find(deployment);
  const { kind, conditions } = recorded === null ? await weigh(context, subject, null) : { ...recorded.facts, kind: recorded.kind };
  return outlookOn(kind, conditions);
}

function needsChange(context: Context, environment: string): boolean {
  return context.platform.environments.find(({ name }) => name === environment)?.gates.change === true;
}

async function factsOf(context: Context, subject: ChangeSubject): Promise<{ kind: ChangeKind; facts: ChangeFacts }> {
  const { release, environment, purpose, incident, requestedBy } = subject;
  const { component, version, digest, image, spec } = release;
  const observed = await context.engine.observe({ component, environment }).catch(() => null);
  const { kind, former, nodes, evidence, ...weighed } = await weigh(context, subject, observed);
  const open = await context.store.changes.open(environment);
  const facts = {
    ...{ component, system: spec.system, team: spec.team, criticality: spec.criticality, environment, version, image },
    ...{ releaseDigest: digest, formerVersion: former?.version ?? null, purpose, incident, requestedBy },
    ...weighed,
    approvals: await approvalsOf(context, subject),
    override: await overrideOf(context, subject.overrideId),
    plan: { hash: subject.planHash, steps: stepsOf(context, release, environment, observed) },
    evidence: newestOfEachKind(evidence),
    verdicts: subject.verdicts.map(verdictInChange),
    conflicts: conflictsOf(component, spec.dependsOn, nodes, open),
  };
  return { kind, facts };
}

/** What its kind and its risk depend on. */
async function weigh(context: Context, { release, environment, incident }: Weighed, observed: Observed | null) {
  const { changes, deployments } = context.store;
  const { component, digest, spec } = release;
  const current = await deployments.current(component, environment);
  const former = current === null ? null : await context.store.releases.byDigest(current.releaseDigest);
  const [nodes, verifications, recent] = await Promise.all([
    changes.nodes(environment),
    changes.verifications(digest),
    changes.recent(component, environment),
  ]);
  const evidence = await context.store.evidence.of(digest);
  const delta = await deltaBetween(context, former, release, environment, evidence);
  const rollback = await wayBack(context, former, release, environment, observed);
  const neighbours = blastRadius(component, nodes);
  const risk = riskOf({ criticality: spec.criticality, formerVersion: former?.version ?? null, delta, neighbours, recent });
  const below = stageBefore(context.platform.environments, environment)?.name ?? null;
  const verifiedBelow = verifications.some((one) => one.environment === below);
  const conditions = conditionsOf({ release, environment, below, verifiedBelow, rollback, risk });
  return { kind: kindOf(incident, conditions), conditions, former, nodes, evidence, delta, neighbours, risk, rollback, verifications };
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
  const packages = former === null ? null : await context.store.changes.packagesBetween(former.digest, release.digest);
  return deltaOf({ environment, former, release, commits, packages, formerEvidence, evidence, hash: context.hash });
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
