/** What a database holds: its tables in an order in which they can be filled, its sequences, and its rows as a stream. */
import type { Readable } from 'node:stream';
import type pg from 'pg';
import { to } from 'pg-copy-streams';
import type { BackupSequence } from './backup-files.ts';

export type Table = {
  readonly name: string;
  readonly columns: readonly string[];
  /** SQL that puts the rows in one order on every server. */
  readonly order: string;
};

type Row = { name: string; columns: string[]; key: string[] | null; refers: string[] };

/** What every server writes alike, whatever it is set to. */
const settings = {
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'iso_8601',
  bytea_output: 'hex',
  extra_float_digits: '3',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
};

/** Until the end of the transaction. */
export async function agreeOnText(client: pg.ClientBase): Promise<void> {
  for (const [name, value] of Object.entries(settings)) await client.query('select set_config($1, $2, true)', [name, value]);
}

/** Every table of Beluga but the history of migrations, which says by itself what was applied. */
export async function tablesOf(client: pg.ClientBase): Promise<readonly Table[]> {
  const { rows } = await client.query<Row>(`
    select c.relname as name,
      (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      (select array_agg(format('%I%s', a.attname, case when a.attcollation = 0 then '' else ' collate "C"' end) order by k.at)
        from pg_index i cross join unnest(i.indkey) with ordinality as k(number, at)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
        where i.indrelid = c.oid and i.indisprimary) as key,
      array(select distinct f.confrelid::regclass::text from pg_constraint f
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as refers
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migration'
    order by c.relname`);
  return inOrder(rows).map(({ name, columns, key }) => ({ name, columns, order: (key ?? ['t::text collate "C"']).join(', ') }));
}

export async function sequencesOf(client: pg.ClientBase): Promise<readonly BackupSequence[]> {
  const { rows: names } = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' order by relname`,
  );
  const sequences: BackupSequence[] = [];
  for (const { name } of names) {
    const { rows } = await client.query<BackupSequence>(
      `select $1::text as name, last_value::text as value, is_called as called from public.${quoted(name)}`,
      [name],
    );
    sequences.push(...rows);
  }
  return sequences;
}

/** The rows of a table in COPY text, in the table's own order. */
export function rowsOf(client: pg.ClientBase, { name, columns, order }: Table): Readable & { rowCount: number } {
  return client.query(to(`copy (select ${listed(columns)} from public.${quoted(name)} t order by ${order}) to stdout`));
}

export function listed(columns: readonly string[]): string {
  return columns.map(quoted).join(', ');
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A table after those it refers to. Throws when they refer to each other in a circle. */
function inOrder(rows: readonly Row[]): readonly Row[] {
  const ordered: Row[] = [];
  const waiting = new Map(rows.map((row) => [row.name, row]));
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ refers }) => !refers.some((name) => waiting.has(name)));
    if (ready.length === 0)
      throw new Error(`The tables ${[...waiting.keys()].join(', ')} refer to each other in a circle and cannot be restored.`);
    for (const row of ready) waiting.delete(row.name);
    ordered.push(...ready);
  }
  return ordered;
}
