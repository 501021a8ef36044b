import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Holding, leftoversOf } from './leftover.ts';

const image = (name: string, used = false): Holding => ({ kind: 'image', name, environment: null, sizeBytes: 1, used });
const names = (holdings: readonly Holding[]) =>
  leftoversOf(holdings, { own: new Set(['r/a', 'r/b', 'r/c']), needed: new Set(['r/a']), environments: ['dev'], openTasks: ['run-1'] }).map(
    ({ name }) => name,
  );

test('only an image of an own release that nothing needs and no container uses is left over', () => {
  assert.deepEqual(names([image('r/a'), image('r/b'), image('r/c', true), image('elsewhere/postgres')]), ['r/b']);
});

test('a network is left over when its environment is gone and nobody is on it', () => {
  const network = (name: string, environment: string, used = false): Holding => ({
    kind: 'network',
    name,
    environment,
    sizeBytes: null,
    used,
  });
  assert.deepEqual(names([network('b-dev', 'dev'), network('b-old', 'old'), network('b-busy', 'busy', true)]), ['b-old']);
});

test('the container of a task is left over when it ended and its outcome is recorded', () => {
  const task = (name: string, used = false): Holding => ({ kind: 'task', name, environment: 'dev', sizeBytes: null, used });
  assert.deepEqual(names([task('run-1'), task('run-1-2'), task('run-2'), task('run-3', true)]), ['run-2']);
});
