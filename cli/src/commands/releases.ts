/** `beluga releases`: the releases of a component, the newest first. */
import type { ReleaseView } from '@beluga/contract/api-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import type { Column } from '../output/table.ts';
import { shortDigest } from '../output/text.ts';
import { connect } from '../platform/home.ts';

const columns: readonly Column<ReleaseView>[] = [
  { title: 'COMPONENT', cell: (release) => release.component },
  { title: 'VERSION', cell: (release) => release.version },
  { title: 'RELEASE', cell: (release) => shortDigest(release.digest) },
  { title: 'IMAGE', cell: (release) => shortDigest(release.image) },
  { title: 'COMMIT', cell: (release) => release.commit?.id.slice(0, 8) ?? null },
  { title: 'SUBJECT', cell: (release) => release.commit?.subject ?? null },
  { title: 'REGISTERED', cell: (release) => release.createdAt },
];

export function define(command: Command): void {
  command.argument('[component]', 'only of this one');
  whenCalled(command, async (io, _options, [component]) => {
    const { client } = await connect(io.env);
    const { items } = await client.listReleases(component === undefined ? {} : { component });
    io.list(items, columns, 'There is no release yet: run beluga release in the folder of a component.');
    return 0;
  });
}
