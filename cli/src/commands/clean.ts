/** `beluga clean`: takes off the engine what nothing needs any more, as the server does by itself every ten minutes. */
import type { LeftoverView } from '@beluga/contract/leftover-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { shortDigest, sizeOf } from '../output/text.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command
    .option('--dry-run', 'only show what would be taken away')
    .addHelpText('after', "\nImages that no release of this platform names, and whatever a container uses, stay: they are not Beluga's.");
  whenCalled<{ dryRun?: true }>(command, async (io, { dryRun }) => {
    const { client } = await connect(io.env);
    const { items } = dryRun === true ? await client.listLeftovers({}) : await client.clean({});
    const columns = [
      { title: 'KIND', cell: (row: LeftoverView) => row.kind },
      {
        title: 'NAME',
        cell: (row: LeftoverView) => (row.kind === 'image' ? `${row.name.split('@')[0]}@${shortDigest(row.name)}` : row.name),
      },
      { title: 'SIZE', cell: (row: LeftoverView) => (row.sizeBytes === null ? null : sizeOf(row.sizeBytes)), right: true },
      { title: dryRun === true ? 'WHY IT WOULD GO' : 'WHY IT WENT', cell: (row: LeftoverView) => row.reason },
    ];
    io.list(items, columns, 'Nothing is left over.');
    return 0;
  });
}
