/** Tables for people: a heading, columns as wide as their widest cell, no lines drawn. */
import { plainText } from './text.ts';

export type Column<Row> = { readonly title: string; readonly cell: (row: Row) => string | number | null; readonly right?: boolean };

/** The rows under their titles; an absent value is a dash. */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => textOf(cell(row))))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => widthOf(line[index] ?? ''))));
  return lines.map((cells) => renderLine(cells, columns, widths)).join('\n');
}

function renderLine<Row>(cells: readonly string[], columns: readonly Column<Row>[], widths: readonly number[]): string {
  const padded = cells.map((cell, index) =>
    columns[index]?.right === true ? padLeft(cell, widths[index] ?? 0) : pad(cell, widths[index] ?? 0),
  );
  return padded.join('  ').trimEnd();
}

function textOf(value: string | number | null): string {
  return value === null || value === '' ? '-' : plainText(String(value));
}

function widthOf(text: string): number {
  return Array.from(text).length;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - widthOf(text))) + text;
}
