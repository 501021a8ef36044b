/** `beluga rollback`: installs the former release again. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { given } from '../deployment/given.ts';
import { connect } from '../platform/home.ts';
import { showEnding, type WaitOptions, withWaitOptions } from './deploy.ts';

type Options = WaitOptions & { readonly env: string; readonly to?: string; readonly incident?: string };

export function define(command: Command): void {
  command
    .argument('<component>', 'the component')
    .requiredOption('--env <environment>', 'where')
    .option('--to <version>', 'the release to go back to; default: the one before the current one')
    .option('--incident <reference>', 'the incident it mends, such as INC0012345: it starts although the line is stopped');
  withWaitOptions(command);
  whenCalled<Options>(command, async (io, options, [component = '']) => {
    const platform = await connect(io.env);
    const { env: environment, to: version, incident } = options;
    const first = await platform.client.rollBack(given({ component, environment, version, incident }));
    return showEnding(io, platform, first, options, 'rollback');
  });
}
