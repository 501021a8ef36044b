/** Where a command writes: its result on standard output in the format asked for, everything else on standard error. */
import { createProgress, type Progress } from './progress.ts';
import { type Column, renderTable } from './table.ts';
import { type Terminal, terminalOf } from './terminal.ts';

export const formats = ['table', 'json', 'ndjson'] as const;
export type Format = (typeof formats)[number];

export type Io = {
  readonly format: Format;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly progress: Progress;
  /** One thing: a JSON document, one line, or the words for people. */
  show(value: unknown, words: () => string): void;
  /** Many things: a JSON array, a line each, or a table; `nothing` says so when there are none. */
  list<Row>(rows: readonly Row[], columns: readonly Column<Row>[], nothing: string): void;
  /** Something that happened: a line in ndjson, nothing in the other formats. */
  event(value: unknown): void;
  /** A line for people as it comes; nothing in json and ndjson. */
  line(text: string): void;
};

export function createIo(format: Format, env: NodeJS.ProcessEnv = process.env): Io {
  const terminal = terminalOf(process.stdout, env);
  const write = (text: string): void => void process.stdout.write(`${text}\n`);
  return {
    format,
    env,
    terminal,
    progress: createProgress(process.stderr, env),
    show: (value, words) => write(format === 'table' ? words() : documentOf(value, format)),
    list: (rows, columns, nothing) => {
      if (format === 'json') return write(documentOf(rows, format));
      if (format === 'ndjson') return rows.forEach((row) => write(JSON.stringify(row)));
      return rows.length === 0 ? void process.stderr.write(`${nothing}\n`) : write(renderTable(columns, rows));
    },
    event: (value) => {
      if (format === 'ndjson') write(JSON.stringify(value));
    },
    line: (text) => {
      if (format === 'table') write(text);
    },
  };
}

function documentOf(value: unknown, format: Format): string {
  return format === 'json' ? JSON.stringify(value, null, 2) : JSON.stringify(value);
}
