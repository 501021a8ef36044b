/** A report for people. */

import type { Figure, Report } from './harness.ts';
import type { describeMachine } from './machine.ts';

type Whole = Report & { readonly bench: string; readonly machine: ReturnType<typeof describeMachine> };

export function tableOf(report: Whole): string {
  const { machine } = report;
  const rows = [
    ...rowsOf('beluga', report.ours),
    ...Object.entries(report.peers).flatMap(([peer, figures]) => rowsOf(peer, figures)),
  ].toSorted((a, b) => (a[0] ?? '').localeCompare(b[0] ?? ''));
  return [
    `${report.bench}: ${machine.processors} processors, Node ${machine.node}, load ${machine.load.toFixed(1)} before it began`,
    '',
    ...aligned([['SCENARIO', 'WITH', 'MEASURED', 'MEDIAN', 'LEAST', 'MOST'], ...rows]),
    '',
    ...Object.entries(report.ratio).map(
      ([what, { value, against, bar }]) =>
        `${what}: ${value} of ${against}${bar === undefined ? '' : `, wanted at most ${bar}: ${value <= bar ? 'kept' : 'NOT kept'}`}`,
    ),
    ...report.notes,
    '',
  ].join('\n');
}

function rowsOf(who: string, figures: Report['ours']): readonly (readonly string[])[] {
  return Object.entries(figures).flatMap(([scenario, measured]) =>
    Object.entries(measured).map(([what, { median, minimum, maximum }]: [string, Figure]) => {
      const words = (value: number) =>
        what === 'seconds' ? `${value.toFixed(3)} s` : String(what.endsWith('Ms') ? Math.round(value * 100) / 100 : Math.round(value));
      return [scenario, who, what, words(median), words(minimum), words(maximum)];
    }),
  );
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row.map((cell, column) => (column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '),
  );
}
