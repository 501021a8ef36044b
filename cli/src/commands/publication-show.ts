/** `beluga publication show`: what an installation changed, as everybody may read it. */
import { type Command, Option } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export type LanguageOption = { readonly language: 'fr' | 'en' };
export const languageOption = new Option('--language <language>', 'in which language').choices(['fr', 'en']).default('fr');

export function define(command: Command): void {
  command.argument('<id>', 'the change, or its deployment').addOption(languageOption);
  whenCalled<LanguageOption>(command, async (io, { language }, [id = '']) => {
    const { client } = await connect(io.env);
    const publication = await client.showPublication({ id, language });
    io.show(publication, () => publication.markdown.trimEnd());
    return 0;
  });
}
