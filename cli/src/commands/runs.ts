/** `beluga runs`: the runs of a job. */
import type { JobRunView } from '@beluga/contract/api-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import type { Column } from '../output/table.ts';
import { connect } from '../platform/home.ts';

const columns: readonly Column<JobRunView>[] = [
  { title: 'RUN', cell: (run) => run.id },
  { title: 'DUE', cell: (run) => run.dueAt },
  { title: 'VERSION', cell: (run) => run.version },
  { title: 'CAUSE', cell: (run) => run.cause },
  { title: 'STATE', cell: (run) => run.state },
  { title: 'ATTEMPT', cell: (run) => run.attempt, right: true },
  { title: 'EXIT CODE', cell: (run) => run.exitCode, right: true },
];

export function define(command: Command): void {
  command.argument('<job>', 'the component').requiredOption('--env <environment>', 'where');
  whenCalled<{ env: string }>(command, async (io, { env }, [component = '']) => {
    const { client } = await connect(io.env);
    const { items } = await client.listRuns({ component, environment: env });
    io.list(items, columns, `${component} has not run in ${env} yet.`);
    return 0;
  });
}
