/** `beluga publication feed`: what was installed in production, as an Atom feed. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { given } from '../deployment/given.ts';
import { connect } from '../platform/home.ts';
import { type LanguageOption, languageOption } from './publication-show.ts';

type Options = LanguageOption & { readonly component?: string; readonly system?: string; readonly train?: string };

export function define(command: Command): void {
  command
    .option('--component <name>', 'only of this component')
    .option('--system <system>', 'only of this application system')
    .option('--train <train>', 'only what this train brought')
    .addOption(languageOption);
  whenCalled<Options>(command, async (io, { language, component, system, train }) => {
    const { client } = await connect(io.env);
    const atom = await client.feed(given({ component, system, train, language }));
    io.show({ atom }, () => atom.trimEnd());
    return 0;
  });
}
