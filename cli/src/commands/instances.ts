/** `beluga instances`: the instances of a component in an environment. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { ageOf, shortDigest } from '../output/text.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('<component>', 'the component').requiredOption('--env <environment>', 'where');
  whenCalled<{ env: string }>(command, async (io, { env }, [component = '']) => {
    const { client } = await connect(io.env);
    const { items } = await client.listInstances({ component, environment: env });
    const now = Date.now();
    const columns = [
      { title: 'INSTANCE', cell: (row: (typeof items)[number]) => row.name },
      { title: 'VERSION', cell: (row: (typeof items)[number]) => row.version },
      { title: 'IMAGE', cell: (row: (typeof items)[number]) => shortDigest(row.image) },
      { title: 'STATE', cell: (row: (typeof items)[number]) => row.state },
      { title: 'RESTARTS', cell: (row: (typeof items)[number]) => row.restarts, right: true },
      { title: 'AGE', cell: (row: (typeof items)[number]) => (row.startedAt === null ? null : ageOf(row.startedAt, now)), right: true },
      ...(items.some(({ reason }) => reason !== null) ? [{ title: 'WHY', cell: (row: (typeof items)[number]) => row.reason }] : []),
    ];
    io.list(items, columns, `No instance of ${component} is in ${env}.`);
    return 0;
  });
}
