/** `beluga verification revoke`: a release goes no further, and what waits to go further ends. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import { connect } from '../platform/home.ts';

type Options = { readonly env: string; readonly reason: string };

export function define(command: Command): void {
  command
    .argument('<release>', 'component@version; without a version its newest release')
    .requiredOption('--env <environment>', 'where it is verified')
    .requiredOption('--reason <reason>', 'why; whoever is refused reads it');
  whenCalled<Options>(command, async (io, { env, reason }, [name = '']) => {
    const platform = await connect(io.env);
    const named = await releaseNamed(platform, name);
    const revoked = await platform.client.revokeVerification({ ...named, environment: env, reason });
    io.show(
      revoked,
      () =>
        `${named.component}@${named.version} is no longer verified in ${revoked.environments.join(', ')}; what waited to go further is refused. What runs goes on.`,
    );
    return 0;
  });
}
