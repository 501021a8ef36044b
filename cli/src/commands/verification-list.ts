/** `beluga verification list`: where a release is verified, and where that was revoked. */
import type { VerificationView } from '@beluga/contract/gate-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import { momentOf } from '../output/moment.ts';
import type { Column } from '../output/table.ts';
import { connect } from '../platform/home.ts';

const columns: readonly Column<VerificationView>[] = [
  { title: 'ENVIRONMENT', cell: ({ environment }) => environment },
  { title: 'VERIFIED', cell: ({ verifiedAt }) => momentOf(verifiedAt) },
  { title: 'BY DEPLOYMENT', cell: ({ deploymentId }) => deploymentId },
  { title: 'REVOKED', cell: ({ revoked }) => (revoked === null ? null : momentOf(revoked.at)) },
  { title: 'BY', cell: ({ revoked }) => revoked?.by ?? null },
  { title: 'REASON', cell: ({ revoked }) => revoked?.reason ?? null },
];

export function define(command: Command): void {
  command.argument('<release>', 'component@version; without a version its newest release');
  whenCalled(command, async (io, _options, [name = '']) => {
    const platform = await connect(io.env);
    const named = await releaseNamed(platform, name);
    const { items } = await platform.client.listVerifications(named);
    io.list(items, columns, `${named.component}@${named.version} is verified nowhere yet.`);
    return 0;
  });
}
