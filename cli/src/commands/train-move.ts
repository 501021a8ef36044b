/** `beluga train rehearse`, `depart` and `rollback`: moves a train as one unit and follows it to its end. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Input } from '@beluga/contract';
import { ApiError, ServerUnreachable } from '@beluga/contract/client';
import type { ShownTrainView } from '@beluga/contract/train-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { millisecondsOf } from '../deployment/duration.ts';
import { given } from '../deployment/given.ts';
import { CliError } from '../errors.ts';
import { exitCodes } from '../exit-code.ts';
import type { Io } from '../output/io.ts';
import { tell } from '../output/problem.ts';
import type { Line } from '../output/progress.ts';
import { connect, type Platform } from '../platform/home.ts';
import { wordsOfShown } from '../train/words.ts';
import { type WaitOptions, withWaitOptions } from './deploy.ts';

const pollMs = 500;

export function rehearse(command: Command): void {
  defineMove(command, 'rehearsal', 'train rehearse');
}

export function depart(command: Command): void {
  defineMove(command, 'departure', 'train depart');
}

export function rollback(command: Command): void {
  defineMove(command, 'rollback', 'train rollback');
}

type Options = WaitOptions & { readonly reason?: string; readonly incident?: string };

function defineMove(command: Command, kind: Input<'moveTrain'>['kind'], name: string): void {
  command.argument('<train>', 'its name');
  if (kind === 'rollback') {
    command
      .option('--reason <reason>', 'why, in a sentence; it is kept')
      .option('--incident <reference>', 'the incident it mends, such as INC0012345: it starts although the line is stopped');
  }
  withWaitOptions(command);
  whenCalled<Options>(command, async (io, options, [train = '']) => {
    const timeoutMs = millisecondsOf(options.timeout, name);
    const { reason, incident } = options;
    const platform = await connect(io.env);
    const first = await begin(io, platform, given({ train, kind, reason, incident }));
    if (first === null) return exitCodes.refused;
    const last = options.wait === false ? first : await follow(io, platform, first, timeoutMs);
    io.show(last, () => wordsOfShown(last));
    return options.wait === false ? exitCodes.done : endOf(io, last, timeoutMs);
  });
}

/** Null when something stands in its way, which is told. */
async function begin(io: Io, { client }: Platform, move: Input<'moveTrain'>): Promise<ShownTrainView | null> {
  try {
    return await client.moveTrain(move);
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.code !== 'train-held') throw error;
    tell(error, io.format);
    return null;
  }
}

async function follow(io: Io, platform: Platform, first: ShownTrainView, timeoutMs: number): Promise<ShownTrainView> {
  const startedAt = performance.now();
  const told = new Set<string>();
  const atRest = first.trips[0]?.kind === 'rollback' ? 'moved' : 'waiting';
  const toItsEnd = async (line: Line): Promise<ShownTrainView> => {
    for (let shown = first; ; shown = await look(platform, shown)) {
      for (const { component, state } of shown.trips[0]?.members ?? []) {
        if (state === atRest || told.has(`${component} ${state}`)) continue;
        told.add(`${component} ${state}`);
        line.keep(`${state.padEnd(9)} ${component}`);
      }
      if (hasEnded(shown) || performance.now() - startedAt > timeoutMs) return shown;
      await wait(pollMs);
    }
  };
  return io.progress.during(
    `train ${first.train.name}`,
    (_note, line) => toItsEnd(line),
    ({ trips }) => (trips[0]?.state === 'succeeded' ? null : (trips[0]?.state ?? null)),
  );
}

/** A server that restarts meanwhile is waited for. */
async function look({ client }: Platform, known: ShownTrainView): Promise<ShownTrainView> {
  try {
    return await client.showTrain({ train: known.train.name });
  } catch (error) {
    if (error instanceof ServerUnreachable) return known;
    throw error;
  }
}

function hasEnded({ trips }: ShownTrainView): boolean {
  return trips[0]?.state !== 'waiting' && trips[0]?.state !== 'running';
}

function endOf(io: Io, { train, trips }: ShownTrainView, timeoutMs: number): number {
  const state = trips[0]?.state;
  if (state === 'succeeded') return exitCodes.done;
  if (state === 'rolled-back') return exitCodes.rolledBack;
  if (state === 'failed') return exitCodes.error;
  tell(new CliError('train-still-moves', { train: train.name, state: train.state, seconds: Math.round(timeoutMs / 1000) }), io.format);
  return exitCodes.timedOut;
}
