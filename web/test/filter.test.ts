import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EstateRowView } from '@beluga/contract/console-schema';
import { ages, type Filter, filtered, indexed } from '../src/pages/estate/filter.ts';

const now = Date.parse('2026-11-26T12:00:00Z');
const at = (days: number): string => new Date(now - days * 86_400_000).toISOString();

function row(component: string, kind: EstateRowView['kind'], installed: Readonly<Record<string, number>>): EstateRowView {
  const cells = Object.entries(installed).map(([environment, days]) => ({
    ...{ environment, version: '1.0.0', at: at(days), deployment: 'dep-1', state: 'serving' as const, ready: 2, wanted: 2, behind: 0 },
  }));
  return { component, kind, system: 'contrats', team: null, criticality: 'high', cells };
}

const rows = indexed([
  row('contrats-web', 'Service', { dev: 0.2, prod: 120 }),
  row('contrats-api', 'Service', { dev: 5, prod: 40 }),
  row('contrats-relance', 'Job', { dev: 45 }),
]);
const shown = (filter: Filter): readonly string[] => filtered(rows, filter, now).map(({ component }) => component);

test('the estate is filtered by what a component is, and by how long its installation is there', () => {
  assert.deepEqual(shown({ kind: 'Job' }), ['contrats-relance']);
  assert.deepEqual(shown({ kind: 'Service', q: 'api' }), ['contrats-api']);
  const byAge = Object.fromEntries(ages.map((age) => [age, shown({ age })]));
  assert.deepEqual(byAge, {
    'under-1': ['contrats-web'],
    'under-7': ['contrats-web', 'contrats-api'],
    'over-30': ['contrats-web', 'contrats-api', 'contrats-relance'],
    'over-90': ['contrats-web'],
  });
});

test('filters narrow each other: an age counts in the environment that is chosen', () => {
  assert.deepEqual(shown({ age: 'over-30', environment: 'dev' }), ['contrats-relance']);
  assert.deepEqual(shown({ age: 'under-1', environment: 'prod' }), []);
  assert.deepEqual(shown({ kind: 'Job', environment: 'prod' }), []);
});
