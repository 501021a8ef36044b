/** The estate for the console: rows of components, what moves, what is red and why, and the counts above them. */
import { type PlaceState, placeState } from '../domain/place-state.ts';
import { stamp } from '../domain/stamp.ts';
import type { Installations, Moving, Setback } from '../store/views/estate.ts';
import type { EstateCell, EstateComponent, EstateRow } from '../store/views/estate-rows.ts';
import type { Context } from './context.ts';

export type EstateWish = { readonly at?: string | undefined; readonly today?: string | undefined };
type Cell = Omit<EstateCell, 'installedAt' | 'moving'> & { readonly at: string; readonly state: PlaceState };
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
  const rows = estate.rows.map(rowOf);
  return {
    asOf: at ?? stamp(now),
    environments,
    counts: {
      systems: new Set(rows.map((row) => row.system)).size,
      components: rows.length,
      instances: rows.reduce((sum, { cells }) => cells.reduce((more, cell) => more + (cell.ready ?? 0), sum), 0),
      installations: estate.installations,
    },
    moving: estate.moving,
    red: redOf(estate.setbacks, rows),
    rows,
  };
}

const described = new WeakMap<EstateRow, Row>();

/** A row that did not change is not described again. */
function rowOf(read: EstateRow): Row {
  const known = described.get(read);
  if (known !== undefined) return known;
  const { name, cells, ...component } = read;
  const row = {
    ...{ component: name, ...component },
    cells: cells.map(({ installedAt, moving, ...cell }) => {
      const state = placeState({ kind: component.kind, moving, ...cell });
      return { ...cell, at: installedAt, state };
    }),
  };
  described.set(read, row);
  return row;
}

function redOf(setbacks: readonly Setback[], rows: readonly Row[]): readonly Red[] {
  const sick = rows.flatMap(({ component, cells }) =>
    cells.flatMap(({ environment, state, version, ready, wanted }): Red[] =>
      state === 'down' || state === 'degraded'
        ? [{ component, environment, state, version, reason: `${ready ?? 0}/${wanted ?? 0}`, deployment: null, at: null }]
        : [],
    ),
  );
  return [...sick, ...setbacks.map(({ endedAt, ...setback }): Red => ({ ...setback, at: endedAt }))];
}
