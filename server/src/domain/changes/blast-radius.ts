/** The blast radius: what runs in an environment and depends on a component, by the releases that are current there. */
import type { Criticality } from '../release.ts';
import type { Conflict, Neighbour } from './change.ts';

/** One component of an environment, as its current release describes it. */
export type Node = {
  readonly component: string;
  readonly system: string;
  readonly criticality: Criticality;
  readonly dependsOn: readonly string[];
};

/** Everything that would notice, the nearest first; a circle is walked once. */
export function blastRadius(component: string, nodes: readonly Node[]): readonly Neighbour[] {
  const dependents = new Map<string, Node[]>();
  for (const node of nodes) for (const needed of node.dependsOn) dependents.set(needed, [...(dependents.get(needed) ?? []), node]);
  const found = new Map<string, Neighbour>();
  let edge: readonly string[] = [component];
  for (let distance = 1; edge.length > 0; distance += 1) {
    const next = edge
      .flatMap((name) => dependents.get(name) ?? [])
      .filter((node) => node.component !== component && !found.has(node.component));
    for (const { component: name, system, criticality } of next) found.set(name, { component: name, system, criticality, distance });
    edge = [...new Set(next.map((node) => node.component))];
  }
  return [...found.values()].toSorted((a, b) => a.distance - b.distance || (a.component < b.component ? -1 : 1));
}

export type OpenChange = { readonly id: string; readonly component: string; readonly version: string };

/** The open changes on what depends on the component or on what it depends on. */
export function conflictsOf(
  component: string,
  dependsOn: readonly string[],
  nodes: readonly Node[],
  open: readonly OpenChange[],
): readonly Conflict[] {
  const above = new Set(blastRadius(component, nodes).map((neighbour) => neighbour.component));
  const below = dependenciesOf(dependsOn, nodes);
  return open.flatMap((change) => {
    if (change.component === component) return [];
    const relation = above.has(change.component)
      ? `it depends on ${component}`
      : below.has(change.component)
        ? `${component} depends on it`
        : null;
    return relation === null ? [] : [{ change: change.id, component: change.component, version: change.version, relation }];
  });
}

function dependenciesOf(dependsOn: readonly string[], nodes: readonly Node[]): ReadonlySet<string> {
  const byName = new Map(nodes.map((node) => [node.component, node]));
  const found = new Set<string>();
  const waiting = [...dependsOn];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    waiting.push(...(byName.get(name)?.dependsOn ?? []));
  }
  return found;
}
