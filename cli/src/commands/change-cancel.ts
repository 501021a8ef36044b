/** `beluga change cancel`: calls a change off, and with it its deployment. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('<id>', 'the change, or its deployment').requiredOption('--reason <reason>', 'why; it is kept');
  whenCalled<{ reason: string }>(command, async (io, { reason }, [id = '']) => {
    const { client } = await connect(io.env);
    const change = await client.cancelChange({ id, reason });
    const moving = change.state === 'implementing' ? `${change.id}: what served before is being put back.` : null;
    io.show(change, () => moving ?? `${change.id} is ${change.state}.`);
    return 0;
  });
}
