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
};
/** A row with the text that is searched, made once. */
export type Indexed = { readonly row: EstateRowView; readonly text: string };

export function indexed(rows: readonly EstateRowView[]): readonly Indexed[] {
  return rows.map((row) => {
    const versions = row.cells.map(({ version }) => version).join(' ');
    return { row, text: `${row.component} ${row.system} ${row.team ?? ''} ${versions}`.toLowerCase() };
  });
}

export function filtered(rows: readonly Indexed[], filter: Filter): readonly EstateRowView[] {
  const words = (filter.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ row, text }) => words.every((word) => text.includes(word)) && fits(row, filter)).map(({ row }) => row);
}

function fits(row: EstateRowView, { system, team, criticality, environment, state, drift }: Filter): boolean {
  const cells = environment === undefined ? row.cells : row.cells.filter((cell) => cell.environment === environment);
  return (
    (system === undefined || row.system === system) &&
    (team === undefined || row.team === team) &&
    (criticality === undefined || row.criticality === criticality) &&
    (environment === undefined || cells.length > 0) &&
    (state === undefined || cells.some((cell) => cell.state === state)) &&
    (drift === undefined || cells.some((cell) => cell.behind > 0))
  );
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
