import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { platformOf } from '@beluga/contract/platform';
import { createSimulatedEngine } from '../drivers/engine/simulated/simulated.ts';
import { createPlane, deploy, ended, quickPace, release } from '../reconcile/for-tests.ts';
import { startLoop } from '../reconcile/loop.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import type { Context } from './context.ts';
import { addEntry, importCalendar, previewEntry, removeEntry } from './edit-calendar.ts';
import { planDeployment } from './plan-deployment.ts';
import { requestDeployment } from './request-deployment.ts';
import { rollBack } from './roll-back.ts';
import { showCalendar, writeFeed } from './show-calendar.ts';

const database = await withDatabase();

const environments = ['dev', 'prod'];
const usual = platformOf(null);
const platform = { ...usual, environments: usual.environments.filter(({ name }) => environments.includes(name)) };

const inAMonth = Temporal.Now.zonedDateTimeISO('Europe/Paris').add({ days: 30 }).round('minute');

const freezeOf = (environment: string) => ({
  kind: 'freeze' as const,
  entry: {
    ...{ name: 'closing', reason: 'The books are closed.', environments: [environment], systems: null, criticality: null },
    ...{
      start: '2020-01-01T00:00:00',
      end: inAMonth.toPlainDateTime().toString(),
      rule: null,
      on: [],
      except: [],
      skip: [],
      timeZone: 'Europe/Paris',
    },
  },
});

async function moving(context: Context, work: () => Promise<void>): Promise<void> {
  const loop = startLoop(context, 'server-1', { ...quickPace, leaseMs: 10_000 });
  try {
    await work();
  } finally {
    await loop.stop();
    for (const { id } of await context.store.calendar.list()) await removeEntry(context, 'ines', id);
  }
}

describe('a freeze', () => {
  const { context } = createPlane(database, undefined, { platform, environments });

  it('says what it holds up before it is recorded, then holds it up, but no rollback and no incident', () =>
    moving(context, async () => {
      for (const version of ['1.0.0', '2.0.0', '3.0.0']) await release(context, 'web', version);
      for (const version of ['1.0.0', '2.0.0']) {
        for (const environment of environments) await deploy(context, 'web', version, environment);
      }
      for (const environment of environments.slice(0, -1)) await deploy(context, 'web', '3.0.0', environment);
      const preview = await previewEntry(context, freezeOf('prod'));
      assert.deepEqual(
        preview.holdsUp.map(({ startsAt, movesTo, ...ready }) => [ready, startsAt === null ? null : 'now', String(movesTo)]),
        [
          [
            { component: 'web', version: '3.0.0', environment: 'prod', state: 'ready', deployment: null },
            'now',
            String(inAMonth.toInstant()),
          ],
        ],
      );
      assert.deepEqual(await context.store.calendar.list(), []);
      const { entry } = await addEntry(context, 'ines', freezeOf('prod'));
      const held = await deploy(context, 'web', '3.0.0', 'prod');
      assert.equal(held.state, 'refused');
      assert.match(held.reason ?? '', /prod is frozen until .* \(closing: The books are closed\)/);
      const plan = await planDeployment(context, 'lea', { component: 'web', version: '3.0.0', environment: 'prod' });
      assert.deepEqual([plan.allowed, plan.opensAt], [false, inAMonth.toInstant().toString({ fractionalSecondDigits: 3 })]);
      const back = await rollBack(context, 'lea', { component: 'web', environment: 'prod' });
      assert.deepEqual([(await ended(context, back.id)).state, back.version], ['succeeded', '1.0.0']);
      const mending = await requestDeployment(context, 'lea', {
        component: 'web',
        version: '3.0.0',
        environment: 'prod',
        incident: 'INC1',
      });
      assert.equal((await ended(context, mending.id)).state, 'succeeded');
      await removeEntry(context, 'ines', entry.id);
      assert.equal((await planDeployment(context, 'lea', { component: 'web', version: '2.0.0', environment: 'prod' })).allowed, true);
    }));

  it('that begins while a deployment waits refuses it at its start', async () => {
    await release(context, 'late', '1.0.0');
    const waiting = await requestDeployment(context, 'lea', { component: 'late', version: '1.0.0', environment: 'dev' });
    await addEntry(context, 'ines', freezeOf('dev'));
    await moving(context, async () => assert.equal((await ended(context, waiting.id)).state, 'refused'));
  });
});

describe('a deployment whose environment platform.yaml names no longer', () => {
  it('ends refused when its turn comes, and blocks nobody', async () => {
    const { context } = createPlane(database, undefined, { platform, environments });
    await release(context, 'homeless', '1.0.0');
    const waiting = await requestDeployment(context, 'lea', { component: 'homeless', version: '1.0.0', environment: 'dev' });
    const left = { ...platform, environments: platform.environments.filter(({ name }) => name === 'prod') };
    await moving({ ...context, platform: left, environments: ['prod'] }, async () => {
      const { state, reason, verdicts } = await ended(context, waiting.id);
      assert.deepEqual([state, reason], ['refused', 'No environment is called dev.'], reason ?? '');
      assert.deepEqual(
        verdicts.map(({ verdict, reason: why }) => [verdict, why]),
        [['closed', reason]],
      );
    });
  });
});

/** A plane whose engine does something once after a step of the component's second release. */
function planeThat(after: (context: Context, kind: string) => Promise<void>) {
  const engine = createSimulatedEngine();
  const perform = engine.perform.bind(engine);
  let doing: (kind: string) => Promise<void> = async () => {};
  engine.perform = async (...given) => {
    const outcome = await perform(...given);
    await doing(given[1].kind);
    return outcome;
  };
  const plane = createPlane(database, engine, { platform, environments });
  const arm = () => {
    doing = (kind) => after(plane.context, kind);
  };
  return { ...plane, arm };
}

describe('a freeze that begins during a step', () => {
  for (const [kind, state] of [
    ['pull', 'refused'],
    ['start', 'refused'],
    ['ready', 'refused'],
    ['shift', 'succeeded'],
    ['drain', 'succeeded'],
    ['stop', 'succeeded'],
  ] as const) {
    it(`${kind} leaves one whole set serving: the deployment ends ${state}`, async () => {
      let frozen = false;
      const { context, engine, arm } = planeThat(async (there, step) => {
        if (step !== kind || frozen) return;
        // Healing has steps as well.
        if ((await there.store.views.deployments({ component: `frozen-${kind}`, state: 'running', limit: 1 })).length === 0) return;
        frozen = true;
        await addEntry(there, 'ines', freezeOf('dev'));
      });
      await moving(context, async () => {
        const name = `frozen-${kind}`;
        for (const version of ['1.0.0', '2.0.0']) await release(context, name, version);
        await deploy(context, name, '1.0.0', 'dev');
        arm();
        const last = await deploy(context, name, '2.0.0', 'dev');
        assert.equal(last.state, state, last.reason ?? '');
        const closed = last.verdicts.filter(({ verdict }) => verdict !== 'open').map(({ gate }) => gate);
        assert.deepEqual(closed, state === 'refused' ? ['calendar'] : []);
        const { instances } = await engine.observe({ component: name, environment: 'dev' });
        const serving = instances.filter(({ traffic }) => traffic === 'serving').map(({ version }) => version);
        assert.deepEqual(serving, state === 'refused' ? ['1.0.0', '1.0.0'] : ['2.0.0', '2.0.0']);
      });
    });
  }
});

describe('iCalendar', () => {
  const { context } = createPlane(database, undefined, { platform, environments });
  const event = (...lines: readonly string[]) =>
    ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join('\r\n');

  it('is read, replaced when it is read again, and given out as the gates apply it', async () => {
    const text = (end: string) =>
      event('UID:a', 'DTSTART;TZID=Europe/Paris:20300101T180000', `DTEND;TZID=Europe/Paris:${end}`, 'SUMMARY:Gel de fin d’année');
    const wish = { kind: 'freeze', environments: ['dev'], calendar: text('20300102T080000') } as const;
    assert.equal((await importCalendar(context, 'ines', { ...wish, dryRun: true })).entries.length, 1);
    assert.deepEqual((await context.store.calendar.list()).length, 0);
    await importCalendar(context, 'ines', wish);
    assert.equal((await importCalendar(context, 'ines', { ...wish, calendar: text('20300103T080000') })).replaced, 1);
    const range = { from: '2030-01-01T00:00:00Z', to: '2030-02-01T00:00:00Z', environment: 'dev' };
    const { occurrences, publicHolidays } = await showCalendar(context, range);
    assert.deepEqual(
      occurrences.map(({ name, start, end }) => [name, String(start), String(end)]),
      [['gel-de-fin-d-annee', '2030-01-01T17:00:00Z', '2030-01-03T07:00:00Z']],
    );
    assert.deepEqual(publicHolidays, ['2030-01-01']);
    assert.match(
      await writeFeed({ ...context, now: () => Temporal.Instant.from('2030-01-01T00:00:00Z') }),
      /DTSTART:20300101T170000Z\r\nDTEND:20300103T070000Z/,
    );
  });

  it('that cannot be kept to is refused whole, with the name of its event', async () => {
    const before = await context.store.calendar.list();
    for (const [text, problem] of [
      ['hello', /invalid line/],
      [event('UID:b', 'SUMMARY:Sans fin', 'DTSTART:20300101T180000Z'), /sans-fin has no end/],
      [
        event('UID:c', 'SUMMARY:Ailleurs', 'DTSTART;TZID=Mars/Olympus:20300101T180000', 'DURATION:PT1H'),
        /ailleurs is in a time zone that is not known: Mars\/Olympus/,
      ],
      [
        event('UID:d', 'SUMMARY:Vite', 'DTSTART:20300101T180000Z', 'DURATION:PT1M', 'RRULE:FREQ=HOURLY'),
        /vite comes back more often than daily/,
      ],
    ] as const) {
      await assert.rejects(importCalendar(context, 'ines', { kind: 'freeze', calendar: text }), problem);
    }
    assert.deepEqual(await context.store.calendar.list(), before);
  });
});
