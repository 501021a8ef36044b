/** `beluga run`: runs a job now, beside its schedule. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('<job>', 'the component').requiredOption('--env <environment>', 'where');
  whenCalled<{ env: string }>(command, async (io, { env }, [component = '']) => {
    const { client } = await connect(io.env);
    const run = await client.runJob({ component, environment: env });
    io.show(run, () => `${run.id} is ${run.state}; see beluga runs ${component} --env ${env}`);
    return 0;
  });
}
