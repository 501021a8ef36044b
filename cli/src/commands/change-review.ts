/** `beluga change review`: looks back at a change that has ended, once. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('<id>', 'the change').requiredOption('--note <text>', 'what was learnt');
  whenCalled<{ readonly note: string }>(command, async (io, { note }, [id = '']) => {
    const { client } = await connect(io.env);
    const change = await client.reviewChange({ id, note });
    io.show(change, () => `${change.id}: reviewed by ${change.review?.by ?? 'nobody'}`);
    return 0;
  });
}
