/** The log of a simulated year, kept in a store as deployments would be, and the measures of delivery computed from it by hand. */
import { specOf } from '../../src/reconcile/for-tests.ts';
import type { Database } from '../../src/store/database.ts';
import type { Entry } from './estate.ts';

type Installation = Extract<Entry, { kind: 'installation' }>;
export type Told = Omit<Installation, 'at' | 'kind'> & {
  readonly id: string;
  readonly requestedMs: number;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly committedMs: number;
  readonly failedRequests: number;
  /** The gate that its reason speaks of. */
  readonly gate: string | null;
};

/** What the log says of production; those of one moment follow each other, a minute apart. */
export function toldOf(log: readonly Entry[]): readonly Told[] {
  const installations = log.filter((one) => one.kind === 'installation').filter(({ environment }) => environment === 'prod');
  let [last, within] = ['', 0];
  return installations.map(({ at, kind: _, ...one }, index) => {
    within = at === last ? within + 1 : 0;
    last = at;
    const requestedMs = Date.parse(at) + within * 60_000;
    const startedMs = requestedMs + 10_000;
    const committedMs = requestedMs - (1 + (index % 50)) * 3_600_000;
    const rest = { startedMs, endedMs: startedMs + 30_000, committedMs, failedRequests: index % 40 === 7 ? 2 : 0 };
    return {
      ...one,
      id: `dep-${String(index).padStart(5, '0')}`,
      requestedMs,
      ...rest,
      gate: one.state === 'refused' ? gateOf(one.reason) : null,
    };
  });
}

function gateOf(reason: string | null): string {
  if (reason?.includes('would break train') === true) return 'train';
  return reason?.includes('requires') === true ? 'dependencies' : 'calendar';
}

export async function keep({ kysely }: Database, told: readonly Told[]): Promise<void> {
  const time = (ms: number): string => new Date(ms).toISOString();
  const first = new Map(told.toReversed().map((one) => [`${one.component}@${one.version}`, one]));
  const components = [...new Set(told.map(({ component }) => component))];
  const row = { system: 'contrats', kind: 'Service' as const, team: null, criticality: 'medium', created_at: time(0) };
  await kysely
    .insertInto('component')
    .values(components.map((name) => ({ ...row, name })))
    .execute();
  const releases = [...first].map(([name, { component, version, committedMs }]) => ({
    ...{ digest: `sha256:${name}`, component, version, image: `127.0.0.1:1/${name}`, layers: '[]', commit: null, created_by: 'lea' },
    spec: JSON.stringify(specOf(component)),
    commits: JSON.stringify([{ id: name, subject: 'a change', body: null, author: 'Léa', at: time(committedMs) }]),
    created_at: time(committedMs),
  }));
  for (let at = 0; at < releases.length; at += 500)
    await kysely
      .insertInto('release')
      .values(releases.slice(at, at + 500))
      .execute();
  const deployments = told.map((one) => ({
    ...{ id: one.id, component: one.component, environment: 'prod', release_digest: `sha256:${one.component}@${one.version}` },
    ...{ version: one.version, purpose: one.purpose, former_digest: null, state: one.state, reason: one.reason, log: '[]', holds: '[]' },
    ...{ incident: one.incident ?? null, override_id: null, production: false, cancel_requested_by: null, requested_by: 'lea' },
    verdicts: JSON.stringify(one.gate === null ? [] : [{ gate: one.gate, verdict: 'closed' }]),
    ledger: one.gate === null ? JSON.stringify({ failed: one.failedRequests }) : null,
    requested_at: time(one.requestedMs),
    started_at: one.gate === null ? time(one.startedMs) : null,
    ended_at: time(one.gate === null ? one.endedMs : one.requestedMs),
  }));
  for (let at = 0; at < deployments.length; at += 500)
    await kysely
      .insertInto('deployment')
      .values(deployments.slice(at, at + 500))
      .execute();
}

export type Recomputed = {
  readonly installations: number;
  readonly figures: Readonly<Record<string, { readonly value: number | null; readonly deployments: readonly string[] }>>;
  readonly waits: Readonly<Record<string, number>>;
};

/** By another way than the platform's: each figure is counted by hand, in loops over the log. */
export function recomputed(told: readonly Told[], fromMs: number, toMs: number): Recomputed {
  const begun = told.filter(({ gate }) => gate === null);
  const inside = begun.filter(({ endedMs }) => endedMs >= fromMs && endedMs < toMs);
  const good: Told[] = [];
  const failed: Told[] = [];
  const rework: Told[] = [];
  const daytime: Told[] = [];
  const restored: number[] = [];
  for (const one of inside) {
    const after = begun.filter(({ component, requestedMs }) => component === one.component && requestedMs > one.endedMs);
    const repaired = after[0] !== undefined && isRework(after[0]) && after[0].requestedMs - one.endedMs <= 86_400_000;
    if (one.state === 'succeeded') good.push(one);
    if (one.state === 'succeeded' && isDaytime(one.startedMs)) daytime.push(one);
    if (isRework(one)) rework.push(one);
    if (one.state === 'succeeded' && !repaired) continue;
    failed.push(one);
    const cure = one.state === 'rolled-back' ? one : after.find(({ state }) => state === 'succeeded');
    if (cure !== undefined) restored.push((cure.endedMs - (cure === one ? one.startedMs : one.endedMs)) / 3_600_000);
  }
  const forward = good.filter(({ purpose }) => purpose === 'deploy');
  const committed = new Map(told.toReversed().map((one) => [`${one.component}@${one.version}`, one.committedMs]));
  const lead = forward.map((one) => (one.endedMs - (committed.get(`${one.component}@${one.version}`) ?? 0)) / 3_600_000);
  const quiet = daytime.filter(({ failedRequests }) => failedRequests === 0);
  return {
    installations: inside.length,
    figures: {
      'lead-time': { value: middleOf(lead), deployments: idsOf(forward) },
      'deployment-frequency': { value: good.length / ((toMs - fromMs) / 86_400_000), deployments: idsOf(good) },
      'change-failure-rate': { value: failed.length / inside.length, deployments: idsOf(failed) },
      'time-to-restore': { value: middleOf(restored), deployments: idsOf(failed) },
      'rework-rate': { value: rework.length / inside.length, deployments: idsOf(rework) },
      'daytime-without-interruption': { value: quiet.length / daytime.length, deployments: idsOf(quiet) },
    },
    waits: waitsOf(told, fromMs, toMs),
  };
}

function waitsOf(told: readonly Told[], fromMs: number, toMs: number): Readonly<Record<string, number>> {
  const hours: Record<string, number> = {};
  const add = (gate: string, begin: number, end: number): void => {
    const lost = Math.min(end, toMs) - Math.max(begin, fromMs);
    if (lost > 0) hours[gate] = (hours[gate] ?? 0) + lost / 3_600_000;
  };
  const counted = new Set<string>();
  for (const [index, one] of told.entries()) {
    if (one.gate === null) {
      add('turn', one.requestedMs, one.startedMs);
      continue;
    }
    const name = `${one.gate} ${one.component}@${one.version}`;
    if (counted.has(name)) continue;
    counted.add(name);
    const same = told.slice(index).filter(({ component, version }) => component === one.component && version === one.version);
    add(one.gate, one.requestedMs, same.find(({ gate }) => gate !== one.gate)?.requestedMs ?? toMs);
  }
  return hours;
}

function isRework({ purpose, incident }: Told): boolean {
  return purpose === 'rollback' || incident !== undefined;
}

function isDaytime(ms: number): boolean {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Paris',
    weekday: 'short',
    hour: '2-digit',
    hour12: false,
  }).formatToParts(ms);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return !['Sat', 'Sun'].includes(of('weekday')) && Number(of('hour')) >= 8 && Number(of('hour')) < 19;
}

function middleOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).toSorted();
  const [lower = 0, upper = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return (lower + upper) / 2;
}

function idsOf(told: readonly Told[]): readonly string[] {
  return told.map(({ id }) => id).toSorted();
}
