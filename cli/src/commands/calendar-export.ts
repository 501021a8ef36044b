/** `beluga calendar export`: windows and freezes as iCalendar, for the calendars of people. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { given } from '../deployment/given.ts';
import { CliError } from '../errors.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('[file]', 'default: standard output').option('--to <environment>', 'only of one environment');
  whenCalled<{ to?: string }>(command, async (io, { to }, [file]) => {
    const { client } = await connect(io.env);
    const text = await client.readCalendarFeed(given({ environment: to }));
    if (file === undefined) process.stdout.write(text);
    else {
      await write(file, text);
      io.show({ file, events: text.split('BEGIN:VEVENT').length - 1 }, () => `Wrote ${file}.`);
    }
    return 0;
  });
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => {
    throw new CliError('file-unwritable', { file, problem: error instanceof Error ? error.message : String(error) });
  });
}
