/** Which components of the estate are shown: a pure function of the rows and what the address says. */
import type { EstateRowView } from '@beluga/contract/console-schema';

export type Filter = {
  readonly q?: string | undefined;
  readonly system?: string | undefined;
  readonly team?: string | undefined;
  readonly criticality?: string | undefined;
  readonly environment?: string | undefined;
  readonly state?: string | undefined;
  /** `yes`: only where a stage is behind the one before. */
  readonly drift?: string | undefined;
  readonly kind?: string | undefined;
  /** One of `ages`: since when what is installed is there. */
  readonly age?: string | undefined;
};
/** In days: at most so many, or more. */
export const ages = ['under-1', 'under-7', 'over-30', 'over-90'] as const;
/** A row with the text that is searched, made once. */
export type Indexed = { readonly row: EstateRowView; readonly text: string };

export function indexed(rows: readonly EstateRowView[]): readonly Indexed[] {
  return rows.map((row) => {
    const versions = row.cells.map(({ version }) => version).join(' ');
    return { row, text: `${row.component} ${row.system} ${row.team ?? ''} ${versions}`.toLowerCase() };
  });
}

/** `asOf`: the time, in ms, that ages are counted to. */
export function filtered(rows: readonly Indexed[], filter: Filter, asOf: number): readonly EstateRowView[] {
  const words = (filter.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ row, text }) => words.every((word) => text.includes(word)) && fits(row, filter, asOf)).map(({ row }) => row);
}

function fits(row: EstateRowView, filter: Filter, asOf: number): boolean {
  const { system, team, kind, criticality } = filter;
  return (
    (system === undefined || row.system === system) &&
    (team === undefined || row.team === team) &&
    (kind === undefined || row.kind === kind) &&
    (criticality === undefined || row.criticality === criticality) &&
    installedSo(row, filter, asOf)
  );
}

function installedSo(row: EstateRowView, { environment, state, drift, age }: Filter, asOf: number): boolean {
  const cells = environment === undefined ? row.cells : row.cells.filter((cell) => cell.environment === environment);
  return (
    (environment === undefined || cells.length > 0) &&
    (state === undefined || cells.some((cell) => cell.state === state)) &&
    (drift === undefined || cells.some((cell) => cell.behind > 0)) &&
    (age === undefined || cells.some((cell) => isOfAge(age, asOf - Date.parse(cell.at))))
  );
}

const dayMs = 86_400_000;

function isOfAge(age: string, ms: number): boolean {
  const [way, days] = age.split('-');
  return way === 'under' ? ms < Number(days) * dayMs : ms > Number(days) * dayMs;
}

/** RFC 4180, with what spreadsheets would take for a formula kept as text. */
export function csvOf(rows: readonly EstateRowView[], environments: readonly string[]): string {
  const head = ['component', 'system', 'team', 'criticality', 'kind'];
  const columns = environments.flatMap((name) => [name, `${name} state`, `${name} since`, `${name} behind`]);
  const lines = rows.map((row) => [
    ...[row.component, row.system, row.team ?? '', row.criticality, row.kind],
    ...environments.flatMap((name) => {
      const cell = row.cells.find(({ environment }) => environment === name);
      return cell === undefined ? ['', '', '', ''] : [cell.version, cell.state, cell.at, String(cell.behind)];
    }),
  ]);
  return [[...head, ...columns], ...lines].map((line) => line.map(quoted).join(',')).join('\r\n');
}

function quoted(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
