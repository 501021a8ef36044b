/** `beluga platform check`: whether a `platform.yaml` is right, before a server reads it; needs no server. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError, type PlatformSpec, platformOf, readPlatform } from '@beluga/contract/platform';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { CliError } from '../errors.ts';
import { homeOf } from '../platform/home.ts';

export function define(command: Command): void {
  command.argument('[file]', 'default: the one the platform of this machine reads');
  whenCalled(command, async (io, _options, [file]) => {
    const path = file ?? io.env.BELUGA_PLATFORM_FILE ?? join(homeOf(io.env), 'platform.yaml');
    const platform = parse(await textOf(path), path);
    io.show(platform, () => `${path} is right: ${wordsOf(platform)}.`);
    return 0;
  });
}

function wordsOf({ environments, calendar }: PlatformSpec): string {
  const names = environments.map(({ name }) => name).join(', ');
  return `environments ${names}; windows: ${calendar.windows.length}; freezes: ${calendar.freezes.length}`;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError('platform-file-unreadable', { file, problem: error instanceof Error ? error.message : String(error) });
  }
}

function parse(text: string, file: string): PlatformSpec {
  try {
    return platformOf(readPlatform(text, file));
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const problem = error.message.replace(/\.$/, '');
    throw new CliError('platform-file-wrong', { problem, remedy: error.problems[0]?.remedy ?? 'Mend the file.' }, { cause: error });
  }
}
