import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManifestError, readManifest } from './manifest.ts';
import { normalise } from './spec.ts';

const written = (run: string, environments = '') => `apiVersion: beluga/v1
kind: Service
metadata: { name: web, system: contrats }
run: ${run}
${environments}`;
const rolloutOf = (run: string) => normalise(readManifest(written(run), 'beluga.yaml')).run.rollout;

function refused(text: string, message: RegExp): void {
  assert.throws(
    () => readManifest(text, 'beluga.yaml'),
    (error) => error instanceof ManifestError && message.test(error.message),
    text,
  );
}

test('a canary without steps gets 10 % for a minute and 50 % for another, and a deadline beyond them', () => {
  const rollout = rolloutOf('{ rollout: { strategy: canary } }');
  assert.deepEqual(rollout.steps, [
    { weight: 10, forMs: 60_000 },
    { weight: 50, forMs: 60_000 },
  ]);
  assert.equal(rollout.deadlineMs, 30 * 60_000);
});

test('what is written of a rollout is what is kept', () => {
  const rollout = rolloutOf(
    '{ rollout: { strategy: canary, steps: [{ weight: 5, for: 10s }], analysis: { requests: 9, errors: 0.5, latency: 2, within: 1m }, deadline: 2m } }',
  );
  assert.deepEqual(rollout, {
    strategy: 'canary',
    batch: 1,
    steps: [{ weight: 5, forMs: 10_000 }],
    analysis: { requests: 9, errorPercent: 0.5, latencyFactor: 2, withinMs: 60_000 },
    deadlineMs: 120_000,
  });
  assert.equal(rolloutOf('{ rollout: { strategy: rolling, batch: 2 } }').batch, 2);
});

test('an environment has a rollout of its own: a canary where there is traffic only', () => {
  const text = written('{ port: 80 }', 'environments: { prod: { rollout: { strategy: canary } } }');
  const spec = normalise(readManifest(text, 'beluga.yaml'));
  assert.equal(spec.run.rollout.strategy, 'blue-green');
  assert.equal(spec.environments['prod']?.rollout?.strategy, 'canary');
});

test('a rollout that contradicts itself is refused where it does', () => {
  refused(
    written('{ rollout: { strategy: rolling, steps: [{ weight: 10, for: 1s }] } }'),
    /run\.rollout\.steps belongs to the strategy canary, not rolling/,
  );
  refused(written('{ rollout: { batch: 2 } }'), /run\.rollout\.batch belongs to the strategy rolling, not blue-green/);
  refused(
    written('{ rollout: { strategy: canary, steps: [{ weight: 50, for: 1s }, { weight: 10, for: 1s }] } }'),
    /run\.rollout\.steps\[1\]\.weight is 10, not more than the 50 before/,
  );
  refused(
    written('{ rollout: { strategy: canary, steps: [{ weight: 50, for: 1m }], deadline: 1m } }'),
    /run\.rollout\.deadline is 1m, not more than its steps take together/,
  );
  refused(written('{ rollout: { strategy: blue } }'), /strategy/);
  refused(written('{ health: { path: /up, command: [true] } }'), /command/);
});

test('a job has no rollout', () => {
  refused(
    'apiVersion: beluga/v1\nkind: Job\nmetadata: { name: web, system: contrats }\nrun: { schedule: "0 6 * * *", rollout: { strategy: rolling } }\n',
    /a Job has no run\.rollout/,
  );
});
