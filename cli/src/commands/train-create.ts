/** `beluga train create`: makes a train with its dates. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { instantOf } from '../deployment/instant.ts';
import { connect } from '../platform/home.ts';
import { wordsOfTrain } from '../train/words.ts';

type Options = { readonly opens?: string; readonly locks: string; readonly rehearsal: string; readonly departure: string };

export function define(command: Command): void {
  command
    .argument('<train>', 'its name, such as avril-2027')
    .option('--opens <date>', 'from then on releases get on: 2027-01-04, 2027-01-04T08:00; default: now')
    .requiredOption('--locks <date>', 'from then on the set is what it is')
    .requiredOption('--rehearsal <date>', 'from then on it may be rehearsed, in the environment before the last')
    .requiredOption('--departure <date>', 'from then on it may depart, to the last environment');
  whenCalled<Options>(command, async (io, options, [name = '']) => {
    const { client } = await connect(io.env);
    const train = await client.createTrain({
      name,
      opensAt: options.opens === undefined ? Temporal.Now.instant().toString() : instantOf(options.opens, '--opens'),
      locksAt: instantOf(options.locks, '--locks'),
      rehearsalAt: instantOf(options.rehearsal, '--rehearsal'),
      departsAt: instantOf(options.departure, '--departure'),
    });
    io.show(train, () => wordsOfTrain(train));
    return 0;
  });
}
