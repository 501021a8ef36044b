/** `beluga logs`: the log of a component, all instances merged. */
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
};

export function define(command: Command): void {
  command
    .argument('<component>', 'the component')
    .requiredOption('--env <environment>', 'where')
    .option('-f, --follow', 'go on with new lines')
    .option('--tail <lines>', 'at most so many past lines', '200')
    .option('--since <duration>', 'only lines of the last while, such as 10m')
    .option('--instance <name>', 'only this instance')
    .option('--grep <expression>', 'only lines that this regular expression finds');
  whenCalled<Options>(command, async (io, options, [component = '']) => {
    const wanted = expressionOf(options.grep);
    if (io.format === 'json' && options.follow === true)
      throw new CliError('usage', { problem: 'With --follow there is no end: ask for ndjson, a document a line.', command: 'logs ' });
    const { client } = await connect(io.env);
    const all: unknown[] = [];
    for await (const line of client.logs(inputOf(component, options))) {
      if (!wanted.test(line.text)) continue;
      io.line(`${line.at.slice(0, 23)} ${ordinalOf(line.instance)} ${plainText(line.text)}`);
      io.event(line);
      if (io.format === 'json') all.push(line);
    }
    if (io.format === 'json') io.show(all, () => '');
    return 0;
  });
}

function inputOf(component: string, { env, follow, tail, since, instance }: Options) {
  if (!/^[0-9]+$/.test(tail)) throw new CliError('usage', { problem: `"${tail}" is no number of lines.`, command: 'logs ' });
  return {
    component,
    environment: env,
    tail: Number(tail),
    ...(follow === true ? { follow } : {}),
    ...(since === undefined ? {} : { since: new Date(Date.now() - millisecondsOf(since, 'logs')).toISOString() }),
    ...(instance === undefined ? {} : { instance }),
  };
}

function expressionOf(text: string | undefined): RegExp {
  try {
    return new RegExp(text ?? '');
  } catch {
    throw new CliError('usage', { problem: `"${text}" is no regular expression.`, command: 'logs ' });
  }
}

function ordinalOf(instance: string): string {
  return instance.split('.').slice(-2).join('.');
}
