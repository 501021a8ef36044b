/** `beluga evidence list`: what was recorded about a release. */
import type { EvidenceView } from '@beluga/contract/evidence-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { releaseNamed } from '../deployment/release-name.ts';
import type { Column } from '../output/table.ts';
import { shortDigest } from '../output/text.ts';
import { connect } from '../platform/home.ts';

const columns: readonly Column<EvidenceView>[] = [
  { title: 'KIND', cell: ({ kind }) => kind },
  { title: 'OUTCOME', cell: ({ outcome }) => outcome },
  { title: 'SUMMARY', cell: ({ summary }) => summary },
  { title: 'BY', cell: ({ recordedBy }) => recordedBy },
  { title: 'AT', cell: ({ recordedAt }) => recordedAt },
  { title: 'EXPIRES', cell: ({ expiresAt }) => expiresAt },
  { title: 'DIGEST', cell: ({ digest }) => (digest === null ? null : shortDigest(digest)) },
];

export function define(command: Command): void {
  command.argument('<release>', 'component@version, or the component for its newest release');
  whenCalled(command, async (io, _options, [release = '']) => {
    const platform = await connect(io.env);
    const named = await releaseNamed(platform, release);
    const { items } = await platform.client.listEvidence(named);
    io.list(items, columns, `Nothing was recorded about ${named.component}@${named.version} yet.`);
    return 0;
  });
}
