/** `beluga stop-the-line`: the one stop button. Nothing starts anywhere; what moves ends as it would have. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command
    .option('--reason <reason>', 'why; everybody who is held up reads it')
    .addHelpText('after', '\nA rollback that names its incident starts all the same. `beluga resume` lets the line move again.');
  whenCalled<{ reason?: string }>(command, async (io, { reason }) => {
    const { client } = await connect(io.env);
    const line = await client.stopLine(reason === undefined ? {} : { reason });
    io.show(line, () => 'Stopped: no deployment starts anywhere. What moves is carried through. `beluga resume` lets the line move again.');
    return 0;
  });
}
