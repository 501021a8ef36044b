/** `beluga release`: builds a component and registers the immutable release. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';
import { type ReleaseOptions, releaseFolder } from '../source/release.ts';

export function define(command: Command): void {
  command.argument('[folder]', 'the folder that holds beluga.yaml', '.');
  withReleaseOptions(command);
  whenCalled<ReleaseOptions>(command, async (io, options, [folder]) => {
    const { build: _build, ...released } = await releaseFolder(io, await connect(io.env), folder, options);
    io.show(released, () => `${released.component}@${released.version}\n  release ${released.digest}\n  image   ${released.image}`);
    return 0;
  });
}

export function withReleaseOptions(command: Command): void {
  command
    .option('--version <version>', 'the version; default: the tag of the commit, else 0.0.0-<commits>.<id>')
    .option('--allow-dirty', 'release also what is in no commit');
}
