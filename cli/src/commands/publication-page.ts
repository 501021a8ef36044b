/** `beluga publication page`: what was installed of a system, or what a train brought, on one page. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { CliError } from '../errors.ts';
import { connect } from '../platform/home.ts';
import { type LanguageOption, languageOption } from './publication-show.ts';

type Options = LanguageOption & { readonly system?: string; readonly train?: string; readonly days?: string; readonly html?: true };

export function define(command: Command): void {
  command
    .option('--system <system>', 'of this application system')
    .option('--train <train>', 'of this train')
    .option('--days <number>', 'with --system: of the last so many days; default: 30')
    .option('--html', 'as HTML, in place of Markdown')
    .addOption(languageOption);
  whenCalled<Options>(command, async (io, { system, train, days, language, html }) => {
    const { client } = await connect(io.env);
    if ((system === undefined) === (train === undefined))
      throw new CliError('usage', {
        problem: 'A page is of a system or of a train: give --system or --train.',
        command: 'publication page ',
      });
    const page =
      train === undefined
        ? await client.showSystemPublication({ system: system ?? '', language, ...(days === undefined ? {} : { days: Number(days) }) })
        : await client.showTrainPublication({ train, language });
    io.show(page, () => (html === true ? page.html : page.markdown.trimEnd()));
    return 0;
  });
}
