import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeploymentView, VerdictView } from '@beluga/contract/api-schema';
import { wordsOfDeployment } from './words.ts';

const frozen: VerdictView = {
  ...{ gate: 'calendar', verdict: 'waiting', reason: 'prod is frozen until 2026-12-01 08:00 (closing).', remedy: 'Ask again then.' },
  ...{ who: 'operations', opensAt: null },
};
const refused: DeploymentView = {
  ...{ id: 'dep-1', component: 'web', environment: 'prod', version: '2.0.0', releaseDigest: `sha256:${'0'.repeat(64)}`, image: '' },
  ...{
    purpose: 'rollback',
    formerVersion: '1.0.0',
    state: 'refused',
    reason: `${frozen.reason} Ask again then.`,
    waitsFor: null,
    holds: [],
  },
  ...{ verdicts: [frozen], ledger: null, traffic: null, log: [], incident: 'INC1', override: null, requestedBy: 'lea' },
  ...{ requestedAt: '2026-11-26T03:15:51.690Z', startedAt: null, endedAt: '2026-11-26T03:15:52.000Z' },
  steps: [
    { ordinal: 1, kind: 'pull', purpose: 'forward', sentence: 'Pulled it.', state: 'done', startedAt: null, endedAt: null },
    { ordinal: 2, kind: 'start', purpose: 'forward', sentence: 'Start 2.', state: 'planned', startedAt: null, endedAt: null },
  ],
};

test('a deployment is told with how it ended, what its gates said and what was done', () => {
  assert.deepEqual(wordsOfDeployment(refused).split('\n'), [
    'web@2.0.0 in prod: refused',
    '  prod is frozen until 2026-12-01 08:00 (closing). Ask again then.',
    '  dep-1, a rollback asked for by lea at 2026-11-26T03:15:51.690Z, for incident INC1',
    '',
    'Gates',
    '  waiting calendar: prod is frozen until 2026-12-01 08:00 (closing).',
    '          Ask again then.',
    '          Who can: operations.',
    '',
    'Steps',
    '  done    Pulled it.',
    '  planned Start 2.',
  ]);
});
