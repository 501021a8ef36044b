/** `beluga deployments`: deployments, the newest first. */
import type { DeploymentView } from '@beluga/contract/api-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { CliError } from '../errors.ts';
import type { Column } from '../output/table.ts';
import { connect } from '../platform/home.ts';

type Options = { readonly component?: string; readonly env?: string; readonly limit: string };

const columns: readonly Column<DeploymentView>[] = [
  { title: 'DEPLOYMENT', cell: (row) => row.id },
  { title: 'COMPONENT', cell: (row) => row.component },
  { title: 'ENVIRONMENT', cell: (row) => row.environment },
  { title: 'VERSION', cell: (row) => row.version },
  { title: 'STATE', cell: (row) => row.state },
  { title: 'FAILED', cell: (row) => (row.ledger === null ? null : `${row.ledger.failed}/${row.ledger.sent}`), right: true },
  { title: 'REQUESTED', cell: (row) => row.requestedAt },
  { title: 'BY', cell: (row) => row.requestedBy },
];

export function define(command: Command): void {
  command
    .option('--component <name>', 'only of this component')
    .option('--env <environment>', 'only to this environment')
    .option('--limit <number>', 'at most so many', '20');
  whenCalled<Options>(command, async (io, { component, env, limit }) => {
    if (!/^[1-9][0-9]*$/.test(limit)) throw new CliError('usage', { problem: `"${limit}" is no number.`, command: 'deployments ' });
    const { client } = await connect(io.env);
    const filter = { ...(component === undefined ? {} : { component }), ...(env === undefined ? {} : { environment: env }) };
    const { items } = await client.listDeployments({ ...filter, limit: Number(limit) });
    io.list(items, columns, 'There is no deployment yet.');
    return 0;
  });
}
