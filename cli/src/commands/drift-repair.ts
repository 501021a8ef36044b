/** `beluga drift repair`: puts right what was only told. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command
    .argument('<component>', 'the component')
    .requiredOption('--env <environment>', 'where')
    .addHelpText('after', '\nOnce: with `run.repair: report` what is changed by hand afterwards is only told again.');
  whenCalled<{ env: string }>(command, async (io, { env }, [component = '']) => {
    const { client } = await connect(io.env);
    const answer = await client.repairDrift({ component, environment: env });
    io.show(answer, () => answer.items.map(({ sentence }) => `being put right: ${sentence}`).join('\n'));
    return 0;
  });
}
