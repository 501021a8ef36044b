/** Gathers what the gates look at; nothing is read that the environment does not ask for. */
import type { Calendar } from '../domain/calendar/entry.ts';
import type { ChangeOutlook } from '../domain/changes/kind.ts';
import { showsReadiness } from '../domain/fitness.ts';
import type { CapacityFacts, GateFacts, ReleaseFacts, SoakFacts, SocleFacts, Sum } from '../domain/gates/facts.ts';
import { mayUse, type Override } from '../domain/gates/override.ts';
import { type EnvironmentSettings, stageBefore } from '../domain/platform.ts';
import type { Release, Spec } from '../domain/release.ts';
import { standsOn } from '../domain/socle.ts';
import { canonical, workloadOf } from '../domain/workload.ts';
import { BelugaError } from '../errors.ts';
import type { GateQuestion } from './ask-gates.ts';
import type { Context } from './context.ts';
import { changeOutlook } from './describe-change.ts';
import { neighbourFacts } from './gather-neighbours.ts';
import { slotFacts, soakIn } from './gather-slot.ts';

export async function gatherFacts(context: Context, question: GateQuestion): Promise<GateFacts> {
  const { release, environment, purpose, incident, requester, deployment } = question;
  const { store, platform } = context;
  const { gates: settings } = settingsOf(context, environment);
  const now = context.now();
  const verifications = await store.verifications.of(release.digest);
  const valid = verifications.filter(({ revoked }) => revoked === null).map((one) => one.environment);
  const revoked = verifications.flatMap((one) =>
    one.revoked === null || valid.includes(one.environment) ? [] : [[one.environment, one.revoked.reason]],
  );
  const needsEvidence = settings.evidence.length > 0 || settings.vulnerabilities !== null || settings.signature || settings.provenance;
  return {
    ...{ now, environment, purpose, incident, requester, settings },
    moment: deployment === null ? 'before' : 'moving',
    stages: platform.environments,
    release: releaseFacts(context, release, environment),
    verifiedIn: valid,
    revokedIn: Object.fromEntries(revoked) as Record<string, string>,
    soak: settings.soak === null ? null : await soakFacts(context, release, environment),
    slot: question.replaceSoaking === true || deployment !== null ? null : await slotFacts(context, release, environment),
    evidence: needsEvidence ? await store.evidence.of(release.digest) : [],
    exemptions: platform.policies.exemptions,
    socle: settings.supportedSocle ? await socleFacts(context, release) : noSocle,
    readiness: { lines: platform.policies.readiness, signed: settings.readinessFile ? await store.readiness.of(release.spec.system) : [] },
    calendar: await readCalendar(context),
    stop: await store.lineStops.current(),
    planHash: await planHash(context, release, environment),
    approvals: await store.approvals.list({ releaseDigest: release.digest, environment }),
    override: await usableOverride(context, question, now),
    capacity: settings.capacity === null ? nothing : await capacityFacts(context, release, environment),
    ...(await neighbourFacts(context, question, settings.dependencies)),
    change: await changeFacts(context, question, settings.approvals),
  };
}

const noSocle: SocleFacts = { name: null, supportedUntil: null, deprecated: null };
const nothing: CapacityFacts = { used: { cpuMillis: 0, memoryBytes: 0 }, needed: { cpuMillis: 0, memoryBytes: 0 } };

export function settingsOf(context: Context, environment: string): EnvironmentSettings {
  const found = context.platform.environments.find(({ name }) => name === environment);
  if (found === undefined) throw new BelugaError('unknown-environment', { environment, known: context.environments.join(', ') });
  return found;
}

/** Over release, configuration, environment and what it replaces: what an approval is bound to. */
export async function planHash(context: Context, release: Release, environment: string): Promise<string> {
  const current = await context.store.deployments.current(release.component, environment);
  const workload = workloadOf(release, environment, context.hash);
  return context.hash(canonical({ workload, former: current?.releaseDigest ?? null }));
}

/** The windows and freezes of platform.yaml and those that were recorded since. */
export async function readCalendar({ platform, store }: Context): Promise<Calendar> {
  const { holidays, timeZone, windows, freezes } = platform.calendar;
  const written = [
    ...windows.map((entry) => ({ ...entry, kind: 'window' as const, id: 'platform' })),
    ...freezes.map((entry) => ({ ...entry, kind: 'freeze' as const, id: 'platform' })),
  ];
  return { holidays, timeZone, entries: [...written, ...(await store.calendar.list())] };
}

function releaseFacts(context: Context, release: Release, environment: string): ReleaseFacts {
  const { spec, component, version, digest } = release;
  const { replicas, resources } = workloadOf(release, environment, context.hash);
  const { system, criticality, kind, run } = spec;
  return {
    component,
    version,
    digest,
    system,
    criticality,
    kind,
    replicas,
    resources,
    showsReadiness: showsReadiness(run.health),
    stopGraceMs: run.stopGraceMs,
  };
}

async function soakFacts(context: Context, release: Release, environment: string): Promise<SoakFacts | null> {
  const before = stageBefore(context.platform.environments, environment);
  return before === undefined ? null : soakIn(context, release, before.name);
}

/** Only where somebody has to approve something. */
function changeFacts(context: Context, question: GateQuestion, approvals: number): Promise<ChangeOutlook | null> {
  if (approvals === 0 || question.purpose === 'rollback') return Promise.resolve(null);
  return changeOutlook(context, question, question.deployment?.id ?? null);
}

/** What it stands on was told by its layers when it was registered. */
async function socleFacts({ store, platform }: Context, release: Release): Promise<SocleFacts> {
  const version = standsOn(release.layers, await store.socles.versions());
  if (version === null) return noSocle;
  const { name, number } = version;
  const deprecated = (await store.socles.list()).find((socle) => socle.name === name)?.deprecated ?? null;
  const supportedUntil = platform.policies.socles.find((policy) => policy.name === name)?.supportedUntil ?? null;
  return { name: `${name} ${number}`, supportedUntil, deprecated };
}

async function usableOverride(
  { store }: Context,
  { release, environment, deployment }: GateQuestion,
  now: Temporal.Instant,
): Promise<Override | null> {
  if (deployment !== null && deployment.overrideId === null) return null;
  const overrides = await store.overrides.list({ releaseDigest: release.digest, environment });
  const usable = overrides.filter((one) => mayUse(one, deployment?.id ?? null, now));
  return usable.find(({ id }) => deployment === null || id === deployment.overrideId) ?? null;
}

async function capacityFacts({ store }: Context, release: Release, environment: string): Promise<CapacityFacts> {
  const specs = await store.neighbours.specs(environment);
  return { used: specs.map((spec) => limitsOf(spec, environment)).reduce(plus, nothing.used), needed: limitsOf(release.spec, environment) };
}

/** Limits times the most replicas; a job runs one at a time; what has no limit counts nothing. */
function limitsOf(spec: Spec, environment: string): Sum {
  const overlay = spec.environments[environment];
  const replicas = spec.kind === 'Job' ? 1 : (overlay?.replicas ?? spec.run.replicas).max;
  const { cpuMillis, memoryBytes } = overlay?.resources ?? spec.run.resources;
  return { cpuMillis: replicas * (cpuMillis ?? 0), memoryBytes: replicas * (memoryBytes ?? 0) };
}

function plus(a: Sum, b: Sum): Sum {
  return { cpuMillis: a.cpuMillis + b.cpuMillis, memoryBytes: a.memoryBytes + b.memoryBytes };
}
