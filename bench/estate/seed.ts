/**
 * A large estate, written straight into the tables in a few seconds: components with their releases, deployments, what is current and
 * what was seen; the change of every installation in the last environment, and who did what. It says nothing about how fast deployments are; it is there to be read.
 */
import { createHash } from 'node:crypto';
import { changeOf } from '../../server/src/domain/changes/for-tests.ts';
import type { TestDatabase } from '../../server/src/store/postgres/for-tests.ts';

export type Size = {
  readonly components: number;
  readonly environments: readonly string[];
  readonly releases: number;
  readonly replicas: number;
};
/** RFC 3339 of `now`, from which everything counts back. */
type Seeding = Size & { readonly now: string };

const domains = [
  'contrats',
  'sinistres',
  'souscription',
  'tarification',
  'paiements',
  'clients',
  'courtiers',
  'documents',
  'comptabilite',
  'reassurance',
];
const parts = ['web', 'api', 'batch', 'consultation', 'gestion', 'calcul', 'edition', 'recherche', 'passerelle', 'suivi'];
const teams = ['Équipe Horizon', 'Équipe Boussole', 'Équipe Cap', 'Équipe Étrave', 'Équipe Sillage', 'Équipe Vigie'];
const people = ['lea', 'karim', 'anne', 'ci'];
const subjects = [
  'feat: affiche la franchise dans le récapitulatif',
  'fix: arrondit la prime au centime',
  'feat: relance par courriel après trente jours',
  'perf: évite une lecture par contrat',
  'fix: refuse une date de naissance future',
  'chore: socle 2026.11',
  'feat: exporte les sinistres en CSV',
  'fix: garde la session pendant le paiement',
];

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;
const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** Writes the estate; gives how many rows of each kind. */
export async function seedEstate(
  kysely: TestDatabase['kysely'],
  size: Seeding,
): Promise<{ readonly components: number; readonly cells: number; readonly deployments: number }> {
  const names = Array.from({ length: size.components }, (_, index) => componentOf(index));
  await inChunks(names, (some) =>
    kysely
      .insertInto('component')
      .values(some.map((one) => componentRow(one, size)))
      .execute(),
  );
  const releases = names.flatMap((one) => Array.from({ length: size.releases }, (_, number) => releaseRow(one, number, size)));
  await inChunks(releases, (some) => kysely.insertInto('release').values(some).execute());
  const cells = names.flatMap((one) => size.environments.map((environment, stage) => cellOf(one, environment, stage, size)));
  const deployments = cells.flatMap((cell) => cell.deployments);
  await inChunks(deployments, (some) => kysely.insertInto('deployment').values(some).execute());
  await inChunks(cells, (some) =>
    kysely
      .insertInto('current_release')
      .values(some.map(({ current }) => current))
      .execute(),
  );
  await inChunks(
    cells.filter(({ service }) => service),
    (some) =>
      kysely
        .insertInto('sighting')
        .values(some.map(({ sighting }) => sighting))
        .execute(),
  );
  await record(kysely, cells, size);
  return { components: names.length, cells: cells.length, deployments: deployments.length };
}

/** The changes of the last environment, and an entry of the journal for each deployment. */
async function record(kysely: TestDatabase['kysely'], cells: readonly ReturnType<typeof cellOf>[], size: Seeding): Promise<void> {
  const installations = cells.filter(({ current }) => current.environment === size.environments.at(-1));
  await inChunks(installations, (some) => kysely.insertInto('change').values(some.map(changeRow)).execute());
  const ids = installations.flatMap(({ deployments }) => deployments.map(({ id }) => id));
  await inChunks(ids, (some) => kysely.updateTable('deployment').set({ production: true }).where('id', 'in', some).execute());
  const entries = cells
    .flatMap(({ deployments }) => deployments)
    .toSorted((one, other) => one.requested_at.localeCompare(other.requested_at))
    .map((one, index) => ({
      ...{ number: index + 1, at: one.requested_at, who: one.requested_by, what: 'deployment.requested' },
      ...{ subject: `deployment/${one.id}`, detail: JSON.stringify({ component: one.component, version: one.version }) },
    }));
  await inChunks(entries, (some) =>
    kysely
      .insertInto('audit')
      .values(some.map((entry) => ({ ...entry, hash: digestOf(String(entry.number)) })))
      .execute(),
  );
  await inChunks(entries, (some) =>
    kysely
      .insertInto('event')
      .values(some.map(({ number, at, what, subject, detail }) => ({ number, type: what, subject, time: at, data: detail })))
      .execute(),
  );
}

function changeRow({ system, deployments: [deployment] }: ReturnType<typeof cellOf>) {
  if (deployment === undefined) throw new Error('an installation without a deployment');
  const { id, component, environment, version, requested_by, requested_at, ended_at } = deployment;
  const { facts } = changeOf({ facts: { component, environment, version, system, requestedBy: requested_by } });
  return {
    ...{ id: id.replace('dep', 'chg'), deployment_id: id, component, environment, system, version },
    ...{ kind: 'standard' as const, state: 'closed' as const, closure: 'successful' as const, note: null, review: null },
    ...{ facts: JSON.stringify(facts), times: JSON.stringify({ new: requested_at, closed: ended_at }) },
    ...{ opened_by: requested_by, opened_at: requested_at, closed_at: ended_at },
  };
}

type One = { readonly index: number; readonly name: string; readonly system: string; readonly kind: 'Service' | 'Job' };

function componentOf(index: number): One {
  const system = `${pick(domains, index)}-${String(1 + (Math.floor(index / 10) % 18)).padStart(2, '0')}`;
  const part = pick(parts, Math.floor(index / 3));
  return { index, name: `${system}-${part}-${index}`, system, kind: part === 'batch' ? 'Job' : 'Service' };
}

function componentRow({ index, name, system, kind }: One, { now }: Seeding) {
  const criticality = index % 18 === 0 ? 'critical' : pick(['high', 'medium', 'medium', 'low'], index);
  return { name, system, kind, team: pick(teams, index), criticality, created_at: before(now, 400) };
}

function releaseRow(one: One, number: number, size: Seeding) {
  const version = versionOf(number);
  const image = `127.0.0.1:4600/${one.system}/${one.name}@${digestOf(`image ${one.name} ${number}`)}`;
  const at = before(size.now, (size.releases - number) * 3 + (one.index % 3));
  const commit = {
    id: digestOf(`${one.name} ${number}`).slice(7, 47),
    branch: 'main',
    subject: pick(subjects, one.index + number),
    author: pick(people, one.index),
    at,
  };
  return {
    ...{ digest: digestOf(`release ${one.name} ${number}`), component: one.name, version, image, created_at: at, created_by: 'ci' },
    layers: JSON.stringify(layersOf(one.name, number)),
    commit: JSON.stringify(commit),
    commits: '[]',
    spec: JSON.stringify(specOf(one, size.replicas)),
  };
}

function layersOf(name: string, number: number) {
  const layer = (storey: string, sizeBytes: number, key: string) => ({ storey, sizeBytes, digest: digestOf(key) });
  return [
    layer('vendor', 42_300_000, 'vendor'),
    layer('socle', 1_800_000, 'socle 2026.11'),
    layer('dependencies', 9_400_000, `packages ${name}`),
    layer('application', 68_000, `application ${name} ${number}`),
  ];
}

function specOf({ name, system, kind, index }: One, replicas: number) {
  const none = { env: { LOG_LEVEL: 'info' }, files: [], secrets: [] };
  const health = { path: '/healthz', withinMs: 30_000, minReadyMs: 0 };
  const run = {
    ...{ command: ['node', 'server.js'], port: 8080, health, check: null, replicas: { min: replicas, max: replicas } },
    ...{ resources: { cpuMillis: null, memoryBytes: null }, stopGraceMs: 10_000, volumes: [] },
    ...{ schedule: kind === 'Job' ? '*/5 * * * *' : null, timeZone: 'Europe/Paris', deadlineMs: 3_600_000 },
  };
  const identity = { name, system, team: pick(teams, index), description: null, criticality: 'medium' as const };
  return { ...identity, kind, run, dependsOn: neededBy(index), config: none, environments: {} };
}

/** A tree of threes, and ten that many need. */
function neededBy(index: number): readonly string[] {
  return index > 9 ? [...new Set([Math.floor(index / 3), index % 10])].map((one) => componentOf(one).name) : [];
}

/** The further the stage, the older its release; now and then one is down, or its last deployment was bad. */
function cellOf(one: One, environment: string, stage: number, size: Seeding) {
  const lag = stage === 0 ? 0 : Math.min(size.releases - 1, (one.index * 7 + stage) % (stage + 2));
  const number = size.releases - 1 - lag;
  const installed = before(size.now, lag * 3 + stage * 0.4 + (one.index % 10) / 10);
  const id = `dep-${String(one.index).padStart(6, '0')}${stage}1`;
  const place = { component: one.name, environment };
  const row = (changes: object) => ({
    ...{ ...place, id, release_digest: digestOf(`release ${one.name} ${number}`), version: versionOf(number), purpose: 'deploy' as const },
    ...{ former_digest: null, state: 'succeeded' as const, reason: null, verdicts: '[]', holds: '[]', log: '[]' },
    cancel_requested_by: null,
    // Until its change is there, which the tables insist on.
    production: false,
    ...{ requested_by: pick(people, one.index), requested_at: installed, started_at: installed, ended_at: installed },
    ledger: JSON.stringify({ sent: 480 + one.index, failed: 0, failures: {}, longestGapMs: 21, p50Ms: 1.2, p99Ms: 4.8 }),
    ...changes,
  });
  const bad = one.index % 211 === 3 && stage === 1;
  const setback = row({
    id: `${id}x`,
    state: 'rolled-back',
    version: versionOf(number + 1),
    ended_at: before(size.now, 0.1),
    reason: 'Instance was not ready within 30 s: connection refused.',
  });
  const wanted = size.replicas;
  const ready = one.index % 331 === 7 && stage === 4 ? wanted - 1 : one.index % 503 === 11 && stage === 0 ? 0 : wanted;
  return {
    service: one.kind === 'Service',
    system: one.system,
    deployments: bad ? [row({}), setback] : [row({})],
    current: { ...place, release_digest: digestOf(`release ${one.name} ${number}`), deployment_id: id, installed_at: installed },
    sighting: { ...place, wanted, ready, seen_at: size.now },
  };
}

function versionOf(number: number): string {
  return `${1 + Math.floor(number / 10)}.${number % 10}.${(number * 3) % 7}`;
}

function before(now: string, days: number): string {
  return Temporal.Instant.from(now)
    .subtract({ seconds: Math.round(days * 86_400) })
    .toString();
}

async function inChunks<T>(rows: readonly T[], insert: (some: readonly T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += 1_000) await insert(rows.slice(from, from + 1_000));
}
