/** What a component needs and what needs it, level by level: a pure function of what each component says that it depends on. */

export type Known = { readonly name: string; readonly dependsOn: readonly string[] };
type Root = Known & { readonly dependents: readonly string[] };
/** The components of one distance; `through` names, for each, those of the level before that it stands in relation with. */
export type Level = readonly { readonly name: string; readonly through: readonly string[] }[];
export type Side = {
  readonly levels: readonly Level[];
  /** How many there are one level further than is shown. */
  readonly further: number;
};
export type Graph = { readonly dependents: Side; readonly dependsOn: Side };

export function graphOf(root: Root, all: readonly Known[], depth: number): Graph {
  const needs = new Map(all.map(({ name, dependsOn }) => [name, dependsOn]));
  needs.set(root.name, root.dependsOn);
  const neededBy = new Map<string, string[]>();
  for (const [name, needed] of needs) for (const other of needed) neededBy.set(other, [...(neededBy.get(other) ?? []), name]);
  neededBy.set(root.name, [...root.dependents]);
  return { dependents: sideOf(root.name, neededBy, depth), dependsOn: sideOf(root.name, needs, depth) };
}

/** Each component stands where it is nearest, beside those that lead to it; a circle is walked once. */
function sideOf(root: string, next: ReadonlyMap<string, readonly string[]>, depth: number): Side {
  const seen = new Set([root]);
  const levels: Level[] = [];
  let edge: readonly string[] = [root];
  while (edge.length > 0) {
    const through = new Map<string, string[]>();
    for (const from of edge)
      for (const name of next.get(from) ?? []) if (!seen.has(name)) through.set(name, [...(through.get(name) ?? []), from]);
    if (levels.length === depth) return { levels, further: through.size };
    if (through.size > 0) levels.push([...through].map(([name, before]) => ({ name, through: before })));
    edge = [...through.keys()];
    for (const name of edge) seen.add(name);
  }
  return { levels, further: 0 };
}
