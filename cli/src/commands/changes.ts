/** `beluga changes`: the changes of production, the newest first. */
import type { ChangeView } from '@beluga/contract/change-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { CliError } from '../errors.ts';
import type { Column } from '../output/table.ts';
import { connect } from '../platform/home.ts';

type Options = {
  readonly component?: string;
  readonly system?: string;
  readonly env?: string;
  readonly open?: boolean;
  readonly limit: string;
};

const columns: readonly Column<ChangeView>[] = [
  { title: 'CHANGE', cell: (row) => row.id },
  { title: 'COMPONENT', cell: ({ facts }) => facts.component },
  { title: 'VERSION', cell: ({ facts }) => (facts.formerVersion === null ? facts.version : `${facts.formerVersion} -> ${facts.version}`) },
  { title: 'ENVIRONMENT', cell: ({ facts }) => facts.environment },
  { title: 'KIND', cell: (row) => row.kind },
  { title: 'RISK', cell: ({ facts }) => facts.risk.level },
  { title: 'STATE', cell: (row) => (row.closure === null ? row.state : `${row.state}, ${row.closure}`) },
  { title: 'OPENED', cell: (row) => row.openedAt },
  { title: 'BY', cell: (row) => row.openedBy },
];

export function define(command: Command): void {
  command
    .option('--component <name>', 'only of this component')
    .option('--system <system>', 'only of this application system')
    .option('--env <environment>', 'only to this environment')
    .option('--open', 'only those that have not ended')
    .option('--limit <number>', 'at most so many', '20');
  whenCalled<Options>(command, async (io, { component, system, env, open, limit }) => {
    if (!/^[1-9][0-9]*$/.test(limit)) throw new CliError('usage', { problem: `"${limit}" is no number.`, command: 'changes ' });
    const { client } = await connect(io.env);
    const filter = {
      ...(component === undefined ? {} : { component }),
      ...(system === undefined ? {} : { system }),
      ...(env === undefined ? {} : { environment: env }),
    };
    const { items } = await client.listChanges({ ...filter, limit: open === true ? 1000 : Number(limit) });
    const shown = open === true ? items.filter(({ closedAt }) => closedAt === null).slice(0, Number(limit)) : items;
    io.list(shown, columns, open === true ? 'No change is open.' : 'There is no change yet: the first deployment to production opens one.');
    return 0;
  });
}
