/** `beluga audit list`: who changed what. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

const pageSize = 1000;

export function define(command: Command): void {
  command.option('--all', 'from the first entry on; default: the last 50');
  whenCalled<{ all?: boolean }>(command, async (io, { all }) => {
    const { client } = await connect(io.env);
    type Row = Awaited<ReturnType<typeof client.readAudit>>['items'][number];
    const entries: Row[] = [];
    for (let after = 0; ; ) {
      const { items } = await client.readAudit({ after, limit: pageSize });
      entries.push(...items);
      after = items.at(-1)?.number ?? after;
      if (items.length < pageSize) break;
    }
    const columns = [
      { title: 'NUMBER', cell: (row: Row) => row.number, right: true },
      { title: 'AT', cell: (row: Row) => row.at },
      { title: 'WHO', cell: (row: Row) => row.who },
      { title: 'WHAT', cell: (row: Row) => row.what },
      { title: 'SUBJECT', cell: (row: Row) => row.subject },
    ];
    io.list(all === true ? entries : entries.slice(-50), columns, 'Nothing was changed yet.');
    return 0;
  });
}
