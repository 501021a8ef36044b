/** `beluga train lock`, `reopen` and `cancel`: whether releases get on and off. */
import type { Input, Output } from '@beluga/contract';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { instantOf } from '../deployment/instant.ts';
import { connect, type Platform } from '../platform/home.ts';
import { wordsOfTrain } from '../train/words.ts';

export function lock(command: Command): void {
  defineDoor(command, ({ client }, named) => client.lockTrain(named));
}

export function cancel(command: Command): void {
  defineDoor(command, ({ client }, named) => client.cancelTrain(named));
}

export function reopen(command: Command): void {
  command.requiredOption('--locks <date>', 'until when: 2027-03-28, 2027-03-28T18:00');
  defineDoor<{ locks: string }>(command, ({ client }, named, { locks }) =>
    client.reopenTrain({ ...named, locksAt: instantOf(locks, '--locks') }),
  );
}

type Act<Options> = (platform: Platform, named: Input<'lockTrain'>, options: Options) => Promise<Output<'lockTrain'>>;

function defineDoor<Options>(command: Command, act: Act<Options>): void {
  command.argument('<train>', 'its name');
  whenCalled<Options>(command, async (io, options, [train = '']) => {
    const shown = await act(await connect(io.env), { train }, options);
    io.show(shown, () => wordsOfTrain(shown));
    return 0;
  });
}
