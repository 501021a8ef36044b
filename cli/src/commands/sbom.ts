/** `beluga sbom`: the SBOM of a release, its signature verified by the server. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import { CliError } from '../errors.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command
    .argument('<release>', 'component@version, or the component for its newest release')
    .option('--file <file>', 'write it there; default: standard output');
  whenCalled<{ file?: string }>(command, async (io, { file }, [release = '']) => {
    const platform = await connect(io.env);
    const text = JSON.stringify(await platform.client.showSbom(await releaseNamed(platform, release)), null, 2);
    if (file === undefined) {
      process.stdout.write(`${text}\n`);
      return 0;
    }
    await writeFile(file, `${text}\n`).catch((error: NodeJS.ErrnoException) => {
      throw new CliError('file-unwritable', { file, problem: error.code ?? error.message });
    });
    return 0;
  });
}
