/** `beluga token list`: who has a token. */
import type { TokenView } from '@beluga/contract/gate-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { momentOf } from '../output/moment.ts';
import type { Column } from '../output/table.ts';
import { connect } from '../platform/home.ts';

const columns: readonly Column<TokenView>[] = [
  { title: 'ID', cell: ({ id }) => id },
  { title: 'NAME', cell: ({ name }) => name },
  { title: 'MAY', cell: ({ access }) => (access === 'read' ? 'read' : 'read, write') },
  { title: 'CREATED', cell: ({ createdAt }) => momentOf(createdAt) },
  { title: 'BY', cell: ({ createdBy }) => createdBy },
  { title: 'REVOKED', cell: ({ revokedAt }) => (revokedAt === null ? null : momentOf(revokedAt)) },
];

export function define(command: Command): void {
  whenCalled(command, async (io) => {
    const { client } = await connect(io.env);
    const { items } = await client.listTokens();
    io.list(items, columns, 'There are no tokens.');
    return 0;
  });
}
