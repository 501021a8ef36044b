/** `beluga readiness show`: the readiness file of an application system. */
import type { ReadinessView } from '@beluga/contract/gate-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import type { Io } from '../output/io.ts';
import { momentOf } from '../output/moment.ts';
import type { Column } from '../output/table.ts';
import { connect } from '../platform/home.ts';

const columns: readonly Column<ReadinessView>[] = [
  { title: 'LINE', cell: ({ line }) => line },
  { title: 'STATE', cell: ({ state }) => state },
  { title: 'SIGNED BY', cell: ({ by }) => by },
  { title: 'UNTIL', cell: ({ expiresAt }) => (expiresAt === null ? null : momentOf(expiresAt)) },
  { title: 'NOTE', cell: ({ note }) => note },
];

export function define(command: Command): void {
  command.argument('<system>', 'the application system');
  whenCalled(command, async (io, _options, [system = '']) => {
    const { client } = await connect(io.env);
    showLines(io, (await client.showReadiness({ system })).items);
    return 0;
  });
}

export function showLines(io: Io, lines: readonly ReadinessView[]): void {
  io.list(lines, columns, 'The platform asks for no readiness file: policies.readiness of platform.yaml is empty.');
}
