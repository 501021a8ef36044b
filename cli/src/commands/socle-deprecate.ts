/** `beluga socle deprecate`: says that nothing new should be built on a socle. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';
import { stateOf } from '../socle/words.ts';

type Options = { readonly reason: string; readonly instead?: string };

export function define(command: Command): void {
  command
    .argument('<socle>', 'its name')
    .requiredOption('--reason <text>', 'why, in a sentence')
    .option('--instead <socle>', 'the socle to use instead');
  whenCalled<Options>(command, async (io, { reason, instead }, [name = '']) => {
    const { client } = await connect(io.env);
    const socle = await client.deprecateSocle({ name, reason, ...(instead === undefined ? {} : { instead }) });
    io.show(socle, () => `${socle.name}: ${stateOf(socle.deprecated)}`);
    return 0;
  });
}
