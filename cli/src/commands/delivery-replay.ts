/** `beluga delivery replay`: sends once more what was given up. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('<id>', 'the delivery');
  whenCalled(command, async (io, _options, [id = '']) => {
    const { client } = await connect(io.env);
    const delivery = await client.replayDelivery({ id });
    io.show(delivery, () => `${delivery.id}: goes to ${delivery.target} again`);
    return 0;
  });
}
