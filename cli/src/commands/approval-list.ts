/** `beluga approval list`: plans that people were asked to approve. */
import type { ApprovalView } from '@beluga/contract/gate-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { given } from '../deployment/given.ts';
import { momentOf } from '../output/moment.ts';
import type { Column } from '../output/table.ts';
import { connect } from '../platform/home.ts';

const columns: readonly Column<ApprovalView>[] = [
  { title: 'ID', cell: ({ id }) => id },
  { title: 'RELEASE', cell: ({ component, version }) => `${component}@${version}` },
  { title: 'TO', cell: ({ environment }) => environment },
  { title: 'STATE', cell: ({ state }) => state },
  { title: 'ASKED BY', cell: ({ requestedBy }) => requestedBy },
  { title: 'DECIDED BY', cell: ({ decisions }) => decisions.map(({ who, decision }) => `${who} (${decision})`).join(', ') },
  { title: 'UNTIL', cell: ({ expiresAt }) => momentOf(expiresAt) },
];

export function define(command: Command): void {
  command.argument('[component]', 'only of one component').option('--to <environment>', 'only of one environment');
  whenCalled<{ to?: string }>(command, async (io, { to }, [component]) => {
    const { client } = await connect(io.env);
    const { items } = await client.listApprovals(given({ component, environment: to }));
    io.list(items, columns, 'Nobody was asked to approve anything yet.');
    return 0;
  });
}
