/** `beluga change show`: one change with its facts, for people. */
import type { Command } from 'commander';
import { wordsOfChange } from '../change/words.ts';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('<id>', 'the change, or its deployment');
  whenCalled(command, async (io, _options, [id = '']) => {
    const { client } = await connect(io.env);
    const change = await client.showChange({ id });
    io.show(change, () => wordsOfChange(change));
    return 0;
  });
}
