import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { withDatabase } from '../server/src/store/postgres/for-tests.ts';
import { sightingStore } from '../server/src/store/sighting.ts';
import { type Estate, type EstateQuestion, estateView } from '../server/src/store/views/estate.ts';
import type { EstateCell, EstateRow } from '../server/src/store/views/estate-rows.ts';
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

type Placed = EstateCell & { readonly component: string };

function cellsOf(rows: readonly EstateRow[]): readonly Placed[] {
  return rows.flatMap(({ name, cells }) => cells.map((cell) => ({ component: name, ...cell })));
}

/** The same, by going through the tables one row after the other. */
async function slowly({
  environments: stages,
  at,
  today,
}: EstateQuestion): Promise<
  { readonly cells: readonly Placed[] } & Pick<Estate, 'installations'> & { readonly setbacks: readonly string[] }
> {
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
    assert.equal(cellsOf(quick.rows).length, slow.cells.length);
    assert.deepEqual(cellsOf(quick.rows).toSorted(inOrder), slow.cells.toSorted(inOrder));
    assert.deepEqual(quick.installations, slow.installations);
    if (at === null) assert.deepEqual(quick.setbacks.map(({ deployment }) => deployment).toSorted(), slow.setbacks);
  });
}

function inOrder(one: { readonly component: string; readonly environment: string }, other: typeof one): number {
  return `${one.component} ${one.environment}`.localeCompare(`${other.component} ${other.environment}`);
}

test('who asks after a change sees it, and what did not change is the same as before', async () => {
  const question = { environments, at: null, today: daysAgo(2) };
  const first = await estate(question);
  const [one] = cellsOf(first.rows).filter(({ ready }) => ready !== null);
  assert.ok(one !== undefined);
  const { component, environment } = one;
  await sightingStore(kysely).record({ component, environment, wanted: 3, ready: 1, at: now });
  const second = await estate(question);
  const seen = cellsOf(second.rows).find((cell) => cell.component === component && cell.environment === environment);
  assert.equal(seen?.ready, 1);
  assert.deepEqual(
    second.rows.filter((row, at) => row !== first.rows[at]).map(({ name }) => name),
    [component],
  );
  await kysely.updateTable('component').set({ team: 'Équipe Phare' }).where('name', '=', component).execute();
  assert.equal((await estate(question)).rows.find(({ name }) => name === component)?.team, 'Équipe Phare');
});

test('what is written by a transaction that ends after others is seen too', async () => {
  const question = { environments, at: null, today: daysAgo(2) };
  const [one, other] = cellsOf((await estate(question)).rows).filter(({ ready }) => ready !== null);
  assert.ok(one !== undefined && other !== undefined);
  const slow = await kysely.startTransaction().execute();
  await sightingStore(slow).record({ ...place(one), wanted: 7, ready: 0, at: now });
  await sightingStore(kysely).record({ ...place(other), wanted: 7, ready: 2, at: now });
  const before = cellsOf((await estate(question)).rows);
  assert.deepEqual([wantedIn(before, one), wantedIn(before, other)], [one.wanted, 7]);
  await slow.commit().execute();
  assert.equal(wantedIn(cellsOf((await estate(question)).rows), one), 7);
});

function place({ component, environment }: Placed) {
  return { component, environment };
}

function wantedIn(cells: readonly Placed[], { component, environment }: Placed): number | null | undefined {
  return cells.find((cell) => cell.component === component && cell.environment === environment)?.wanted;
}

test('after any walk of changes the rows are those that the tables say', async () => {
  const question = { environments, at: null, today: daysAgo(2) };
  const names = [...new Set(cellsOf((await estate(question)).rows).map(({ component }) => component))].slice(0, 6);
  const where = { component: fc.constantFrom(...names), environment: fc.constantFrom(...environments) };
  const change = fc.oneof(
    fc.record({ what: fc.constant('sighting'), ...where }),
    fc.record({ what: fc.constant('install'), ...where }),
    fc.record({ what: fc.constant('move'), ...where }),
    fc.record({ what: fc.constant('rest'), ...where }),
    fc.record({ what: fc.constant('uninstall'), ...where }),
    fc.record({ what: fc.constant('exchange'), ...where }),
    fc.record({ what: fc.constant('system'), ...where }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), async (steps) => {
      for (const changes of steps) {
        for (const { what, component, environment } of changes) await pool.query(sqlOf[what] ?? '', [component, environment]);
        const [kept, afresh] = [await estate(question), await estateView(kysely)(question)];
        assert.deepEqual(kept.rows, afresh.rows);
      }
    }),
    { numRuns: 12 },
  );
});

const sqlOf: Readonly<Record<string, string>> = {
  sighting: `update sighting set ready = ready + 1 where component = $1 and environment = $2`,
  install: `
    update current_release c set release_digest = (select digest from release r where r.component = $1 order by random() limit 1)
    where component = $1 and environment = $2`,
  move: `
    insert into run (id, component, environment, purpose, deployment_id, state, direction, epoch, created_at)
    select 'run-' || gen_random_uuid(), component, environment, 'deployment', deployment_id, 'running', 'forward', 1, now() from current_release
    where component = $1 and environment = $2 on conflict do nothing`,
  rest: `update run set state = 'done' where component = $1 and environment = $2 and state = 'running'`,
  uninstall: `delete from current_release where component = $1 and environment = $2`,
  exchange: `
    with gone as (delete from current_release where component = $1 and environment = $2 returning *)
    insert into current_release select (select min(component) from current_release where component > $1), environment, release_digest, deployment_id,
      installed_at from gone on conflict do nothing`,
  system: `update component set system = 'moved-' || $2 where name = $1`,
};
