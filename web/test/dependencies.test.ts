import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { graphOf, type Known } from '../src/pages/component/graph.ts';

const names = Array.from({ length: 12 }, (_, index) => `component-${index}`);
const estate: fc.Arbitrary<readonly Known[]> = fc
  .array(fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 }), { minLength: names.length, maxLength: names.length })
  .map((needs) => names.map((name, index) => ({ name, dependsOn: (needs[index] ?? []).filter((other) => other !== name) })));
const rootOf = (all: readonly Known[], name: string) => ({
  name,
  dependsOn: all.find((one) => one.name === name)?.dependsOn ?? [],
  dependents: all.filter(({ dependsOn }) => dependsOn.includes(name)).map((one) => one.name),
});

/** How far away each is, by going one step at a time from the first name. */
function distances(from: string, next: (name: string) => readonly string[]): ReadonlyMap<string, number> {
  const found = new Map([[from, 0]]);
  for (const [name, distance] of found) for (const other of next(name)) if (!found.has(other)) found.set(other, distance + 1);
  return found;
}

test('each component stands at its nearest level, told through whom, and what is further is counted', () => {
  fc.assert(
    fc.property(estate, fc.integer({ min: 1, max: 5 }), (all, depth) => {
      const root = rootOf(all, 'component-0');
      const graph = graphOf(root, all, depth);
      const needs = (name: string): readonly string[] => all.find((one) => one.name === name)?.dependsOn ?? [];
      const neededBy = (name: string): readonly string[] => all.filter(({ dependsOn }) => dependsOn.includes(name)).map((one) => one.name);
      for (const [side, next] of [
        [graph.dependsOn, needs],
        [graph.dependents, neededBy],
      ] as const) {
        const far = distances(root.name, next);
        const at = (distance: number): readonly string[] =>
          [...far]
            .filter(([, one]) => one === distance)
            .map(([name]) => name)
            .toSorted();
        for (let level = 1; level <= depth; level += 1) {
          const shown = side.levels[level - 1] ?? [];
          assert.deepEqual(shown.map(({ name }) => name).toSorted(), at(level));
          for (const { name, through } of shown) {
            assert.ok(through.length > 0);
            for (const before of through) assert.ok(far.get(before) === level - 1 && next(before).includes(name));
          }
        }
        assert.equal(side.further, at(depth + 1).length);
      }
    }),
  );
});

test('a circle ends, and what only the page knows of the component itself counts already', () => {
  const all = [
    { name: 'a', dependsOn: [] },
    { name: 'b', dependsOn: ['a'] },
  ];
  const graph = graphOf({ name: 'a', dependsOn: ['b'], dependents: ['b'] }, all, 5);
  assert.deepEqual(graph.dependsOn, { levels: [[{ name: 'b', through: ['a'] }]], further: 0 });
  assert.deepEqual(graph.dependents, { levels: [[{ name: 'b', through: ['a'] }]], further: 0 });
});
