/** `beluga socle build`: makes the next version of a socle from its folder. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';
import { withRegistry } from '../platform/registry.ts';
import { buildSocle } from '../socle/build.ts';
import { readSocleFolder } from '../socle/manifest.ts';
import { runtimeWords } from '../socle/words.ts';

export function define(command: Command): void {
  command.argument('[folder]', 'the folder that holds socle.yaml', '.');
  whenCalled(command, async (io, _options, [folder]) => {
    const socle = await readSocleFolder(folder);
    const built = await buildSocle(io, await withRegistry(await connect(io.env), io.env), socle);
    io.show(built, () => {
      const next = `See who may move to it: beluga socle rebase ${built.name} --dry-run`;
      return `${built.name} #${built.number}\n  image   ${built.image}\n  vendor  ${built.vendor}\n  runtime ${runtimeWords(built.runtime)}\n${next}`;
    });
    return 0;
  });
}
