import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recorded } from '../server/src/store/journal.ts';
import { withDatabase } from '../server/src/store/postgres/for-tests.ts';
import { sightingStore } from '../server/src/store/sighting.ts';
import { type Estate, type EstateBody, type EstateQuestion, estateView } from '../server/src/store/views/estate.ts';
import { seedEstate } from './estate/seed.ts';

const environments = ['dev', 'int', 're7', 'preprod', 'prod'];
const { kysely, pool } = await withDatabase();
const estate = estateView(kysely);
const now = new Date().toISOString();
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
await seedEstate(kysely, { components: 230, environments, releases: 6, replicas: 3, now });
await pool.query(`delete from current_release where environment = 'int' and component like '%api%'`);
await pool.query(`delete from sighting where environment = 'int' and component like '%api%'`);
await pool.query(`delete from deployment where environment = 'int' and component like '%api%'`);
await pool.query(`update deployment set ledger = null where environment = 'prod' and component like '%web%'`);
await pool.query(`update deployment set ledger = '{"failed": 2}' where environment = 'prod' and component like '%calcul%'`);
await pool.query(
  `
  insert into run (id, component, environment, purpose, deployment_id, state, direction, epoch, created_at)
  select 'run-' || id, component, environment, 'deployment', id, 'running', 'forward', 1, $1 from deployment
  where environment = 're7' and component like '%gestion%' and state = 'succeeded'`,
  [now],
);

/** The same, by going through the tables one row after the other. */
async function slowly({
  environments: stages,
  at,
  today,
}: EstateQuestion): Promise<Pick<EstateBody, 'cells'> & Pick<Estate, 'installations'> & { readonly setbacks: readonly string[] }> {
  const [deployments, releases, sightings, runs] = await Promise.all([
    kysely.selectFrom('deployment').selectAll().execute(),
    kysely.selectFrom('release').select(['digest', 'component', 'version', 'created_at']).execute(),
    kysely.selectFrom('sighting').selectAll().execute(),
    kysely.selectFrom('run').selectAll().where('state', '=', 'running').execute(),
  ]);
  const current = await kysely.selectFrom('current_release').selectAll().execute();
  const ms = (time: string | null): number => (time === null ? Number.NaN : Date.parse(time));
  const byEnd = deployments
    .filter((one) => one.ended_at !== null)
    .toSorted((a, b) => ms(b.ended_at) - ms(a.ended_at) || (a.id < b.id ? 1 : -1));
  const then = byEnd.filter((one) => one.state === 'succeeded' && (at === null || ms(one.ended_at) <= ms(at)));
  const names = [...new Set(releases.map(({ component }) => component))].toSorted();
  const inPlace = (component: string, environment: string) => {
    if (at === null) return current.find((one) => one.component === component && one.environment === environment);
    const last = then.find((one) => one.component === component && one.environment === environment);
    return last && { release_digest: last.release_digest, deployment_id: last.id, installed_at: last.ended_at ?? '' };
  };
  const createdOf = new Map(releases.map((one) => [one.digest, one]));
  const cells = names.flatMap((component) => {
    const own = releases.filter((one) => one.component === component);
    return stages.flatMap((environment, index) => {
      const here = inPlace(component, environment);
      if (here === undefined) return [];
      const before = index === 0 ? undefined : inPlace(component, stages[index - 1] ?? '');
      const release = createdOf.get(here.release_digest);
      const ahead = before === undefined ? undefined : createdOf.get(before.release_digest);
      const seen = at === null ? sightings.find((one) => one.component === component && one.environment === environment) : undefined;
      return [
        {
          ...{ component, environment, version: release?.version ?? '', installedAt: here.installed_at, deployment: here.deployment_id },
          ...{ ready: seen?.ready ?? null, wanted: seen?.wanted ?? null },
          moving: at === null && runs.some((one) => one.component === component && one.environment === environment),
          behind: own.filter(
            (one) => ms(one.created_at) > ms(release?.created_at ?? '') && ms(one.created_at) <= ms(ahead?.created_at ?? ''),
          ).length,
        },
      ];
    });
  });
  const last = [
    ...Map.groupBy(
      byEnd.filter(({ state }) => state !== 'cancelled' && state !== 'refused'),
      (one) => `${one.component} ${one.environment}`,
    ).values(),
  ];
  const setbacks = last.flatMap(([one]) => (one !== undefined && (one.state === 'failed' || one.state === 'rolled-back') ? [one.id] : []));
  const installed = then.filter(({ environment }) => environment === stages.at(-1));
  return {
    cells,
    setbacks: setbacks.toSorted(),
    installations: {
      today: installed.filter((one) => ms(one.ended_at) >= ms(today)).length,
      total: installed.length,
      measured: installed.filter(({ ledger }) => ledger !== null).length,
      uninterrupted: installed.filter(({ ledger }) => ledger?.failed === 0).length,
    },
  };
}

for (const at of [null, daysAgo(1), daysAgo(9), daysAgo(90)]) {
  test(`the estate is read as the tables say it, ${at === null ? 'now' : `at ${at.slice(0, 10)}`}`, async () => {
    const question = { environments, at, today: daysAgo(2) };
    const [quick, slow] = [await estate(question), await slowly(question)];
    assert.equal(quick.body.cells.length, slow.cells.length);
    assert.deepEqual(quick.body.cells.toSorted(inOrder), slow.cells.toSorted(inOrder));
    assert.deepEqual(quick.installations, slow.installations);
    if (at === null) assert.deepEqual(quick.setbacks.map(({ deployment }) => deployment).toSorted(), slow.setbacks);
  });
}

function inOrder(one: { readonly component: string; readonly environment: string }, other: typeof one): number {
  return `${one.component} ${one.environment}`.localeCompare(`${other.component} ${other.environment}`);
}

test('what was read is given again until something changes, and whoever asks after a change sees it', async () => {
  const question = { environments, at: null, today: daysAgo(2) };
  const first = await estate(question);
  assert.equal((await estate(question)).body, first.body);
  const [one] = first.body.cells.filter(({ ready }) => ready !== null);
  assert.ok(one !== undefined);
  const { component, environment } = one;
  await sightingStore(kysely).record({ component, environment, wanted: 3, ready: 1, at: now });
  const seen = (await estate(question)).body.cells.find((cell) => cell.component === component && cell.environment === environment);
  assert.equal(seen?.ready, 1);
  await recorded(kysely, async (transaction) => {
    await transaction.updateTable('component').set({ team: 'Équipe Phare' }).where('name', '=', component).execute();
    return {
      result: undefined,
      entries: [{ at: now, who: 'lea', what: 'component.moved', subject: `component/${component}`, detail: {} }],
    };
  });
  const moved = (await estate(question)).body.components.find(({ name }) => name === component);
  assert.equal(moved?.team, 'Équipe Phare');
});
