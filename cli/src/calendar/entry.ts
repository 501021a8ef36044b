/** A window or a freeze on the command line: shown first, recorded with --yes. */
import type { PreviewView } from '@beluga/contract/calendar-api-schema';
import type { Input } from '@beluga/contract/routes';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { given } from '../deployment/given.ts';
import { momentOf } from '../output/moment.ts';
import { plainText } from '../output/text.ts';
import { connect } from '../platform/home.ts';

type Kind = 'window' | 'freeze';
type Written = Input<'addCalendarEntry'>['entry'];
type Options = {
  readonly start: string;
  readonly end?: string;
  readonly for?: string;
  readonly rule?: string;
  readonly reason?: string;
  readonly timeZone?: string;
  readonly yes?: true;
} & Readonly<Record<'to' | 'system' | 'criticality' | 'on' | 'except', string[] | undefined>>;

export function defineEntry(command: Command, kind: Kind): void {
  command
    .argument('<name>', 'what it is called, such as year-end-2026')
    .requiredOption('--start <time>', 'when it begins for the first time, on the wall clock: 2026-12-20T18:00')
    .option('--end <time>', 'when the first one ends; or --for')
    .option('--for <span>', 'how long each one is: 30m, 8h, 15d, 2w')
    .option('--rule <rule>', 'how it comes back (RFC 5545): FREQ=WEEKLY;BYDAY=MO,TU')
    .option('--to <environment...>', 'where; default: the last environment')
    .option('--system <system...>', 'only these application systems')
    .option('--criticality <criticality...>', 'only components of these: low, medium, high, critical')
    .option('--on <days...>', 'only when it begins on such a day: holidays, weekends, month-end, quarter-end, year-end')
    .option('--except <days...>', 'not when it begins on such a day')
    .option('--time-zone <zone>', "default: the calendar's, Europe/Paris")
    .option('--reason <reason>', 'why, for whoever is held up by it')
    .option('--yes', 'record it; without this it is only shown');
  whenCalled<Options>(command, async (io, options, [name = '']) => {
    const { client } = await connect(io.env);
    const request = { kind, entry: entryOf(name, options) };
    const preview = await (options.yes === true ? client.addCalendarEntry(request) : client.previewCalendarEntry(request));
    io.show(preview, () => wordsOf(preview, options.yes === true));
    return 0;
  });
}

/** What is wrong in it the server says: it knows the words. */
function entryOf(name: string, { start, end, rule, reason, timeZone, to, system, criticality, on, except, ...options }: Options): Written {
  return given({
    ...{ name, start, end, for: options.for, rule, reason, timeZone },
    ...{ environments: to, systems: system, criticality, on, except },
  }) as Written;
}

function wordsOf({ entry, occurrences, ...holdUp }: PreviewView, recorded: boolean): string {
  const times = occurrences.map(({ start, end }) => `  ${momentOf(start, entry.timeZone)} to ${momentOf(end, entry.timeZone)}`);
  return [
    `${entry.kind === 'freeze' ? 'Freeze' : 'Window'} ${entry.name} in ${entry.environments.join(', ')}${times.length === 0 ? ' never comes again.' : ':'}`,
    ...times,
    ...(entry.kind === 'freeze' ? ['', ...wordsOfHeldUp(holdUp, entry.timeZone)] : []),
    '',
    recorded
      ? `Recorded as ${entry.id}; \`beluga calendar unfreeze ${entry.id}\` ends it.`
      : 'Nothing was recorded. Add --yes to record it.',
  ].join('\n');
}

/** What a freeze holds up and to when that moves, a line each; on the wall clock of this machine unless another zone is named. */
export function wordsOfHeldUp({ holdsUp, trains }: Pick<PreviewView, 'holdsUp' | 'trains'>, timeZone?: string): readonly string[] {
  if (holdsUp.length + trains.length === 0) return ['It holds up nothing that waits or is ready now, and no train.'];
  const lines = holdsUp.map(({ component, version, environment, state, deployment, ...shift }) => {
    const what = state === 'waiting' ? `waits as ${deployment}` : 'is ready';
    return `  ${component}@${version} to ${environment}: ${what}, ${shiftWords(shift, timeZone)}`;
  });
  const moved = trains.map(({ train, kind, environment, ...shift }) => {
    return `  train ${train}, ${kind} in ${environment}: ${shiftWords(shift, timeZone)}`;
  });
  return ['It holds up:', ...[...lines, ...moved].map(plainText)];
}

type Shift = Pick<PreviewView['holdsUp'][number], 'startsAt' | 'movesTo'>;

function shiftWords({ startsAt, movesTo }: Shift, timeZone: string | undefined): string {
  const moment = (at: string | null) => (at === null ? 'a time that is not within three years' : momentOf(at, timeZone));
  if (startsAt === movesTo) return `may start ${moment(startsAt)} as before`;
  return `moves from ${moment(startsAt)} to ${moment(movesTo)}`;
}
