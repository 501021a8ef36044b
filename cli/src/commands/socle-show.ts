/** `beluga socle show`: the versions of a socle, and who stands on which. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { renderTable } from '../output/table.ts';
import { shortDigest } from '../output/text.ts';
import { connect } from '../platform/home.ts';
import { runtimeWords, stateOf } from '../socle/words.ts';

export function define(command: Command): void {
  command.argument('<socle>', 'its name');
  whenCalled(command, async (io, _options, [name = '']) => {
    const { client } = await connect(io.env);
    const detail = await client.showSocle({ name });
    io.show(detail, () => wordsOf(detail));
    return 0;
  });
}

type Detail = Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['client']['showSocle']>>;

function wordsOf({ socle, versions, users }: Detail): string {
  const standing = (number: number) => users.filter((user) => user.number === number).length;
  const versionTable = renderTable(
    [
      { title: 'VERSION', cell: (row: Detail['versions'][number]) => `#${row.number}` },
      { title: 'IMAGE', cell: (row) => shortDigest(row.image) },
      { title: 'VENDOR BASE', cell: (row) => shortDigest(row.vendor) },
      { title: 'RUNTIME', cell: (row) => runtimeWords(row.runtime) },
      { title: 'RELEASES', cell: (row) => String(standing(row.number)), right: true },
      { title: 'RECORDED', cell: (row) => row.recordedAt },
    ],
    versions,
  );
  const userTable = renderTable(
    [
      { title: 'SYSTEM', cell: (row: Detail['users'][number]) => row.system },
      { title: 'COMPONENT', cell: (row) => row.component },
      { title: 'RELEASE', cell: (row) => row.version },
      { title: 'STANDS ON', cell: (row) => `#${row.number}` },
      { title: 'INSTALLED IN', cell: (row) => row.environments.join(', ') || '-' },
    ],
    users,
  );
  const last = users.length === 0 ? 'No release stands on it.' : userTable;
  return `${socle.name}: ${stateOf(socle.deprecated)}\n\n${versionTable}\n\n${last}`;
}
