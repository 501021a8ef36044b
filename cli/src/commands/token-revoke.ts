/** `beluga token revoke`: a token opens nothing from then on. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('<id>', 'as `beluga token list` lists it');
  whenCalled(command, async (io, _options, [id = '']) => {
    const { client } = await connect(io.env);
    const { items } = await client.revokeToken({ id });
    io.show(
      items.find((token) => token.id === id),
      () => `${id} opens nothing any more.`,
    );
    return 0;
  });
}
