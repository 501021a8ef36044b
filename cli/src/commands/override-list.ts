/** `beluga override list`: who passed which closed gate, why, and with whom. */
import type { OverrideView } from '@beluga/contract/gate-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { given } from '../deployment/given.ts';
import { momentOf } from '../output/moment.ts';
import type { Column } from '../output/table.ts';
import { connect } from '../platform/home.ts';

const columns: readonly Column<OverrideView>[] = [
  { title: 'ID', cell: ({ id }) => id },
  { title: 'RELEASE', cell: ({ component, version }) => `${component}@${version}` },
  { title: 'TO', cell: ({ environment }) => environment },
  { title: 'STATE', cell: ({ state }) => state },
  { title: 'ASKED BY', cell: ({ requestedBy }) => requestedBy },
  { title: 'APPROVED BY', cell: ({ approvedBy }) => approvedBy },
  { title: 'UNTIL', cell: ({ expiresAt }) => momentOf(expiresAt) },
  { title: 'USED BY', cell: ({ consumedBy }) => consumedBy },
  { title: 'REASON', cell: ({ reason }) => reason },
];

export function define(command: Command): void {
  command.argument('[component]', 'only of one component').option('--to <environment>', 'only of one environment');
  whenCalled<{ to?: string }>(command, async (io, { to }, [component]) => {
    const { client } = await connect(io.env);
    const { items } = await client.listOverrides(given({ component, environment: to }));
    io.list(items, columns, 'No gate was ever overridden.');
    return 0;
  });
}
