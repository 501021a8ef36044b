/** From the words on the command line to one command file, its exit code and its errors. */
import { Command, CommanderError, Option } from 'commander';
import type { Entry } from './command-entry.ts';
import { commandTable } from './command-table.ts';
import { CliError } from './errors.ts';
import { exitCodes } from './exit-code.ts';
import { type Format, formats } from './output/io.ts';
import { tell } from './output/problem.ts';
import { version } from './version.ts';

/** Runs one command line; gives the exit code and never throws. */
export async function run(words: readonly string[]): Promise<number> {
  stopQuietlyWhenNobodyReads();
  try {
    if (words.length === 0) return help();
    await (await programFor(words)).parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    return fail(error, words);
  }
}

async function help(): Promise<number> {
  (await programFor([])).outputHelp();
  return exitCodes.done;
}

/** The program with every command known by name and only the one that is called described in full. */
export async function programFor(words: readonly string[]): Promise<Command> {
  const program = rootCommand();
  const called = entryFor(words);
  for (const entry of commandTable) {
    const command = placeFor(program, entry);
    if (entry === called) await describe(command, entry);
  }
  return program;
}

/** The program with every command described in full. */
export async function wholeProgram(): Promise<Command> {
  const program = rootCommand();
  for (const entry of commandTable) await describe(placeFor(program, entry), entry);
  return program;
}

function rootCommand(): Command {
  const program = new Command('beluga')
    .description('Takes a component from a commit to production: one image, one immutable release, no interruption.')
    .enablePositionalOptions()
    .version(version, '-V, --version', 'print the version of Beluga')
    .addOption(outputOption())
    .addOption(caOption())
    .addHelpText('after', '\nStart with `beluga demo`, or `beluga up` and then `beluga ship` in the folder of a component.');
  return settle(program);
}

function settle(command: Command): Command {
  return command
    .exitOverride()
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError(true);
}

function outputOption(): Option {
  return new Option('-o, --output <format>', 'table for people, json or ndjson for programs').choices(formats);
}

function caOption(): Option {
  return new Option('--ca <file>', 'certificates in PEM to trust besides the usual ones');
}

function placeFor(program: Command, { name, summary, group }: Entry): Command {
  const [noun = '', verb] = name.split(' ');
  if (verb === undefined) return settle(program.command(noun).description(summary).helpGroup(`${group}:`));
  const parent = program.commands.find((command) => command.name() === noun) ?? settle(program.command(noun).helpGroup(`${group}:`));
  const verbs = commandTable.filter((entry) => entry.name.startsWith(`${noun} `)).map((entry) => entry.name.split(' ')[1]);
  const own = commandTable.find((entry) => entry.name === noun)?.summary;
  parent.description(`${own === undefined ? '' : `${own}; `}${verbs.join(', ')}: see beluga ${noun} --help`);
  return settle(parent.command(verb).description(summary));
}

async function describe(command: Command, { load }: Entry): Promise<void> {
  const { define } = await load();
  // Only here from the environment: what stands before the command counts more than what stands after it, and a variable less than both.
  command.addOption(outputOption()).addOption(caOption().env('BELUGA_CA'));
  define(command);
}

/** The command that the words call: the first ones that are no options, so that only its file is read. */
function entryFor(words: readonly string[]): Entry | undefined {
  const plain = words.filter((word, index) => !word.startsWith('-') && !isValue(words, index));
  return commandTable.find(({ name }) => name === `${plain[0]} ${plain[1]}`) ?? commandTable.find(({ name }) => name === plain[0]);
}

function isValue(words: readonly string[], index: number): boolean {
  return isValueOfOutput(words, index) || words[index - 1] === '--ca';
}

function isValueOfOutput(words: readonly string[], index: number): boolean {
  const before = words[index - 1];
  return before === '-o' || before === '--output';
}

function fail(error: unknown, words: readonly string[]): number {
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
  const format = formatIn(words);
  if (!(error instanceof CommanderError)) {
    tell(error, format);
    return error instanceof CliError && error.code === 'usage' ? exitCodes.usage : exitCodes.error;
  }
  tell(new CliError('usage', { problem: sentenceOf(error), command: commandIn(words) }), format);
  return exitCodes.usage;
}

/** Commander says `error: unknown option '--wiat'\n(Did you mean --wait?)`. */
function sentenceOf({ message }: CommanderError): string {
  const [first = '', ...rest] = message.replace(/^error: /, '').split('\n');
  const sentence = `${first.charAt(0).toUpperCase()}${first.slice(1)}`;
  const hint = rest.join(' ').replace(/^\(|\)$/g, '');
  return `${sentence.replace(/\.?$/, '.')}${hint === '' ? '' : ` ${hint}`}`;
}

function commandIn(words: readonly string[]): string {
  const entry = entryFor(words);
  return entry === undefined ? '' : `${entry.name} `;
}

function formatIn(words: readonly string[]): Format {
  const given = words.map((word, index) => {
    if (isValueOfOutput(words, index)) return word;
    return /^(?:--output=|-o=?)(.+)$/.exec(word)?.[1];
  });
  return given.findLast((word): word is Format => formats.includes(word as Format)) ?? 'table';
}

/** `beluga logs | head` ends when head has read enough. */
function stopQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    throw error;
  });
}
