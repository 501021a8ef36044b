/** `beluga publication feed`: what was installed in production, as an Atom feed. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';
import { type LanguageOption, languageOption } from './publication-show.ts';

type Options = LanguageOption & { readonly component?: string; readonly system?: string };

export function define(command: Command): void {
  command
    .option('--component <name>', 'only of this component')
    .option('--system <system>', 'only of this application system')
    .addOption(languageOption);
  whenCalled<Options>(command, async (io, { language, component, system }) => {
    const { client } = await connect(io.env);
    const filter = { ...(component === undefined ? {} : { component }), ...(system === undefined ? {} : { system }) };
    const atom = await client.feed({ ...filter, language });
    io.show({ atom }, () => atom.trimEnd());
    return 0;
  });
}
