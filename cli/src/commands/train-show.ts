/** `beluga train show`: what a train carries, what still stands in its way and when, and its last trip. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';
import { wordsOfShown } from '../train/words.ts';

export function define(command: Command): void {
  command.argument('<train>', 'its name');
  whenCalled<object>(command, async (io, _options, [train = '']) => {
    const { client } = await connect(io.env);
    const shown = await client.showTrain({ train });
    io.show(shown, () => wordsOfShown(shown));
    return 0;
  });
}
