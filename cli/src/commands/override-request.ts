/** `beluga override request`: asks for one installation although gates are closed. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { instantOf } from '../deployment/instant.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import { momentOf } from '../output/moment.ts';
import { connect } from '../platform/home.ts';

type Options = { readonly to: string; readonly reason: string; readonly until?: string };

export function define(command: Command): void {
  command
    .argument('<release>', 'component@version; without a version its newest release')
    .requiredOption('--to <environment>', 'where it is to go')
    .requiredOption('--reason <reason>', 'why; it is kept with the change')
    .option('--until <time>', 'when it expires; default: in 24 hours, at most in 7 days');
  whenCalled<Options>(command, async (io, { to, reason, until }, [name = '']) => {
    const platform = await connect(io.env);
    const expiresAt = until === undefined ? undefined : instantOf(until, '--until');
    const wish = { ...(await releaseNamed(platform, name)), environment: to, reason };
    const override = await platform.client.requestOverride({ ...wish, ...(expiresAt === undefined ? {} : { expiresAt }) });
    io.show(
      override,
      () =>
        `Asked as ${override.id}, until ${momentOf(override.expiresAt)}.\n  A second person approves it: beluga override approve ${override.id}\n  Then one deployment of ${override.component}@${override.version} to ${to} may use it.`,
    );
    return 0;
  });
}
