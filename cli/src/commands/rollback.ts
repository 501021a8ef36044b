/** `beluga rollback`: installs the former release again. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';
import { showEnding, type WaitOptions, withWaitOptions } from './deploy.ts';

type Options = WaitOptions & { readonly env: string; readonly to?: string };

export function define(command: Command): void {
  command
    .argument('<component>', 'the component')
    .requiredOption('--env <environment>', 'where')
    .option('--to <version>', 'the release to go back to; default: the one before the current one');
  withWaitOptions(command);
  whenCalled<Options>(command, async (io, options, [component = '']) => {
    const platform = await connect(io.env);
    const version = options.to === undefined ? {} : { version: options.to };
    const first = await platform.client.rollBack({ component, environment: options.env, ...version });
    return showEnding(io, platform, first, options, 'rollback');
  });
}
