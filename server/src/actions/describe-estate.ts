/** The estate for the console: rows of components, what moves, what is red and why, and the counts above them. */
import { type PlaceState, placeState } from '../domain/place-state.ts';
import { stamp } from '../domain/stamp.ts';
import type { Estate, EstateBody, EstateCell, EstateComponent, Installations, Moving } from '../store/views/estate.ts';
import type { Context } from './context.ts';

export type EstateWish = { readonly at?: string | undefined; readonly today?: string | undefined };
type Cell = Omit<EstateCell, 'component' | 'installedAt' | 'moving'> & { readonly at: string; readonly state: PlaceState };
type Row = Omit<EstateComponent, 'name'> & { readonly component: string; readonly cells: readonly Cell[] };
type Red = {
  readonly component: string;
  readonly environment: string;
  readonly state: 'down' | 'degraded' | 'failed' | 'rolled-back';
  readonly version: string;
  readonly reason: string | null;
  readonly deployment: string | null;
  readonly at: string | null;
};
export type DescribedEstate = {
  readonly asOf: string;
  readonly environments: readonly string[];
  readonly counts: {
    readonly systems: number;
    readonly components: number;
    readonly instances: number;
    readonly installations: Installations;
  };
  readonly moving: readonly Moving[];
  readonly red: readonly Red[];
  readonly rows: readonly Row[];
};

export async function describeEstate(context: Context, { at, today }: EstateWish): Promise<DescribedEstate> {
  const { environments } = context;
  const now = context.now();
  const question = { environments, at: at ?? null, today: today ?? stamp(now.subtract({ hours: 24 })) };
  const estate = await context.store.consoleViews.estate(question);
  const rows = rowsOf(estate.body);
  return {
    asOf: at ?? stamp(now),
    environments,
    counts: {
      systems: new Set(rows.map((row) => row.system)).size,
      components: rows.length,
      instances: estate.body.cells.reduce((sum, cell) => sum + (cell.ready ?? 0), 0),
      installations: estate.installations,
    },
    moving: estate.moving,
    red: redOf(estate, rows),
    rows,
  };
}

function rowsOf({ components, cells }: EstateBody): readonly Row[] {
  const byComponent = Map.groupBy(cells, (cell) => cell.component);
  return components.map(({ name, ...component }) => ({
    ...{ component: name, ...component },
    cells: (byComponent.get(name) ?? []).map(({ component: _, installedAt, moving, ...cell }) => {
      const state = placeState({ kind: component.kind, moving, ...cell });
      return { ...cell, at: installedAt, state };
    }),
  }));
}

function redOf({ setbacks }: Estate, rows: readonly Row[]): readonly Red[] {
  const sick = rows.flatMap(({ component, cells }) =>
    cells.flatMap(({ environment, state, version, ready, wanted }): Red[] =>
      state === 'down' || state === 'degraded'
        ? [{ component, environment, state, version, reason: `${ready ?? 0}/${wanted ?? 0}`, deployment: null, at: null }]
        : [],
    ),
  );
  return [...sick, ...setbacks.map(({ endedAt, ...setback }): Red => ({ ...setback, at: endedAt }))];
}
