/** `beluga config`: the configuration of a component in an environment, each entry with where it comes from. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command
    .argument('<component>', 'the component')
    .requiredOption('--env <environment>', 'where')
    .option('--release <version>', 'of this release; default: the current one');
  whenCalled<{ env: string; release?: string }>(command, async (io, { env, release }, [component = '']) => {
    const { client } = await connect(io.env);
    const { items } = await client.showConfig({ component, environment: env, ...(release === undefined ? {} : { version: release }) });
    const columns = [
      { title: 'NAME', cell: (row: (typeof items)[number]) => row.name },
      { title: 'VALUE', cell: (row: (typeof items)[number]) => (row.origin === 'secret' ? '(secret)' : firstLine(row.value)) },
      { title: 'FROM', cell: (row: (typeof items)[number]) => row.origin },
    ];
    io.list(items, columns, `${component} has no configuration in ${env}.`);
    return 0;
  });
}

function firstLine(value: string | null): string | null {
  if (value === null || !value.includes('\n')) return value;
  return `${value.slice(0, value.indexOf('\n'))} …`;
}
