/** `beluga calendar import`: reads windows or freezes from an iCalendar file; with --yes they are recorded. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { wordsOfHeldUp } from '../calendar/entry.ts';
import { whenCalled } from '../command.ts';
import { CliError } from '../errors.ts';
import { plainText } from '../output/text.ts';
import { connect } from '../platform/home.ts';

type Options = { readonly as: string; readonly to?: readonly string[]; readonly yes?: true };

export function define(command: Command): void {
  command
    .argument('<file>', 'an .ics file; an event that was read before is replaced')
    .requiredOption('--as <kind>', 'freeze or window')
    .option('--to <environment...>', 'where; default: the last environment')
    .option('--yes', 'record them; without this they are only shown');
  whenCalled<Options>(command, async (io, { as: kind, to, yes }, [file = '']) => {
    if (kind !== 'freeze' && kind !== 'window') throw new CliError('usage', { problem: `--as takes freeze or window, not ${kind}.` });
    const { client } = await connect(io.env);
    const calendar = await textOf(file);
    const environments = to === undefined ? {} : { environments: [...to] };
    const imported = await client.importCalendar({ calendar, kind, ...environments, dryRun: yes !== true });
    io.show(imported, () => {
      const entries = imported.entries.map(({ name, start, end, rule, skip, timeZone }) => {
        const but = skip.length === 0 ? '' : `, but not ${skip.join(', ')}`;
        return plainText(`  ${name}: ${start} to ${end} ${timeZone}${rule === null ? '' : `, ${rule}`}${but}`);
      });
      const done = yes === true ? `Recorded; ${imported.replaced} were replaced.` : 'Nothing was recorded. Add --yes to record them.';
      return [`${entries.length} from ${file}:`, ...entries, ...(kind === 'freeze' ? ['', ...wordsOfHeldUp(imported)] : []), '', done].join(
        '\n',
      );
    });
    return 0;
  });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError('file-unreadable', { file, problem: error instanceof Error ? error.message : String(error) });
  }
}
