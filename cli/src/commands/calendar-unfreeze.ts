/** `beluga calendar unfreeze`: ends a freeze, or a window, that was recorded. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('<id>', 'as `beluga calendar show` lists it');
  whenCalled(command, async (io, _options, [id = '']) => {
    const { client } = await connect(io.env);
    const { items } = await client.removeCalendarEntry({ id });
    io.show(items, () => `${id} is ended.`);
    return 0;
  });
}
