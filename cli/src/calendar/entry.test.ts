import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordsOfHeldUp } from './entry.ts';

const [soon, later] = ['2026-12-21T08:00:00.000Z', '2027-01-04T07:00:00.000Z'];

test('what a freeze holds up is told with when it may start and to when that moves', () => {
  const held = { component: 'web', version: '2.0.0', environment: 'prod' };
  const holdsUp = [
    { ...held, state: 'waiting' as const, deployment: 'dep-1', startsAt: soon, movesTo: later },
    { ...held, component: 'api', state: 'ready' as const, deployment: null, startsAt: soon, movesTo: soon },
  ];
  const trains = [{ train: 'hiver-2026', kind: 'departure' as const, environment: 'prod', startsAt: soon, movesTo: null }];
  assert.deepEqual(wordsOfHeldUp({ holdsUp, trains }, 'Europe/Paris'), [
    'It holds up:',
    '  web@2.0.0 to prod: waits as dep-1, moves from Mon, 21 Dec 2026, 09:00 Europe/Paris to Mon, 4 Jan 2027, 08:00 Europe/Paris',
    '  api@2.0.0 to prod: is ready, may start Mon, 21 Dec 2026, 09:00 Europe/Paris as before',
    '  train hiver-2026, departure in prod: moves from Mon, 21 Dec 2026, 09:00 Europe/Paris to a time that is not within three years',
  ]);
  assert.deepEqual(wordsOfHeldUp({ holdsUp: [], trains: [] }), ['It holds up nothing that waits or is ready now, and no train.']);
});
