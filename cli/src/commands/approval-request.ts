/** `beluga approval request`: asks others to approve the plan as it is now. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import { momentOf } from '../output/moment.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command
    .argument('<release>', 'component@version; without a version its newest release')
    .requiredOption('--to <environment>', 'where it would go');
  whenCalled<{ to: string }>(command, async (io, { to }, [name = '']) => {
    const platform = await connect(io.env);
    const approval = await platform.client.requestApproval({ ...(await releaseNamed(platform, name)), environment: to });
    const { id, component, version, expiresAt } = approval;
    io.show(
      approval,
      () =>
        `Asked as ${id} for ${component}@${version} to ${to}, until ${momentOf(expiresAt)}.\n  Another person approves it: beluga approval approve ${id}`,
    );
    return 0;
  });
}
