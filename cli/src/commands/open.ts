/** `beluga open`: a link that opens the console and signs in, once. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { signInLink } from '../platform/console.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command.addHelpText('after', '\nThe link signs in once, within ten minutes. Open it in a browser on a machine that reaches the server.');
  whenCalled(command, async (io) => {
    const link = await signInLink(await connect(io.env));
    io.show(link, () => link.url);
    return 0;
  });
}
