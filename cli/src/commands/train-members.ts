/** `beluga train add` and `beluga train remove`: who travels. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import { connect } from '../platform/home.ts';
import { wordsOfTrain } from '../train/words.ts';

export function add(command: Command): void {
  command.argument('<train>', 'its name').argument('<release>', 'component@version; without a version its newest release');
  whenCalled<object>(command, async (io, _options, [train = '', release = '']) => {
    const platform = await connect(io.env);
    const shown = await platform.client.boardTrain({ train, ...(await releaseNamed(platform, release)) });
    io.show(shown, () => wordsOfTrain(shown));
    return 0;
  });
}

export function remove(command: Command): void {
  command.argument('<train>', 'its name').argument('<component>', 'whose release stays behind');
  whenCalled<object>(command, async (io, _options, [train = '', component = '']) => {
    const { client } = await connect(io.env);
    const shown = await client.leaveTrain({ train, component });
    io.show(shown, () => wordsOfTrain(shown));
    return 0;
  });
}
