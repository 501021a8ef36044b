/** `beluga logs`: the log of a component, all instances merged. */
import type { Input, LogLineView } from '@beluga/contract';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { millisecondsOf } from '../deployment/duration.ts';
import { CliError } from '../errors.ts';
import { plainText } from '../output/text.ts';
import { connect } from '../platform/home.ts';

type Options = {
  readonly env: string;
  readonly follow?: boolean;
  readonly tail: string;
  readonly since?: string;
  readonly instance?: string;
  readonly grep?: string;
  readonly level?: string;
  readonly previous?: boolean;
  readonly after?: string;
};

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

export function define(command: Command): void {
  command
    .argument('<component>', 'the component')
    .requiredOption('--env <environment>', 'where')
    .option('-f, --follow', 'go on with new lines')
    .option('--tail <lines>', 'at most so many past lines: 200 unless told otherwise')
    .option('--since <duration>', 'only lines of the last while, such as 10m')
    .option('--after <cursor>', 'only lines after this one, all of them; --output json gives each its cursor')
    .option('--level <level>', `only lines at least this grave: ${levels.join(', ')}`)
    .option('--grep <expression>', 'only lines that this regular expression (RE2) finds')
    .option('--instance <name>', 'only this instance, also when it is gone')
    .option('--previous', 'only instances that are gone: of former releases, and runs that ended');
  whenCalled<Options>(command, async (io, options, [component = '']) => {
    if (io.format === 'json' && options.follow === true)
      throw new CliError('usage', { problem: 'With --follow there is no end: ask for ndjson, a document a line.', command: 'logs ' });
    const { client } = await connect(io.env);
    const all: unknown[] = [];
    for await (const line of client.logs(inputOf(component, options))) {
      io.line(`${line.at.slice(0, 23)} ${ordinalOf(line.instance)} ${plainText(spoken(line))}`);
      io.event(line);
      if (io.format === 'json') all.push(line);
    }
    if (io.format === 'json') io.show(all, () => '');
    return 0;
  });
}

function inputOf(component: string, options: Options): Input<'readLogs'> {
  const { env, follow, previous, since, instance, grep } = options;
  return {
    component,
    environment: env,
    ...(follow === true ? { follow } : {}),
    ...(previous === true ? { previous } : {}),
    ...numberOf('tail', options.tail),
    ...numberOf('after', options.after),
    ...levelOf(options.level),
    ...(since === undefined ? {} : { since: new Date(Date.now() - millisecondsOf(since, 'logs')).toISOString() }),
    ...(instance === undefined ? {} : { instance }),
    ...(grep === undefined || grep === '' ? {} : { grep }),
  };
}

function numberOf(name: 'tail' | 'after', text: string | undefined): { tail?: number; after?: number } {
  if (text === undefined) return {};
  if (/^[0-9]{1,15}$/.test(text)) return { [name]: Number(text) };
  throw new CliError('usage', { problem: `"${text}" is no ${name === 'tail' ? 'number of lines' : 'cursor'}.`, command: 'logs ' });
}

function levelOf(text: string | undefined): { level?: (typeof levels)[number] } {
  if (text === undefined) return {};
  const level = levels.find((known) => known === text.toLowerCase());
  if (level !== undefined) return { level };
  throw new CliError('usage', { problem: `"${text}" is no level; there are ${levels.join(', ')}.`, command: 'logs ' });
}

/** A line that is JSON as a person reads it: level, message, the rest as key=value. */
function spoken({ text, level, message, fields }: LogLineView): string {
  if (fields === undefined) return text;
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [...(level === null ? [] : [level.toUpperCase()]), ...(message === undefined ? [] : [message]), ...rest].join(' ');
}

function ordinalOf(instance: string): string {
  return instance.split('.').slice(-2).join('.');
}
