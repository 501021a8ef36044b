/** `beluga exposed`: the components and environments in which a vulnerability or a package runs now. */
import type { ExposureView } from '@beluga/contract/evidence-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import type { Column } from '../output/table.ts';
import { connect } from '../platform/home.ts';

const columns: readonly Column<ExposureView>[] = [
  { title: 'SYSTEM', cell: ({ system }) => system },
  { title: 'COMPONENT', cell: ({ component, version }) => `${component}@${version}` },
  { title: 'ENVIRONMENT', cell: ({ environment }) => environment },
  { title: 'PACKAGE', cell: (row) => row.package },
  { title: 'STOREY', cell: ({ storey }) => storey },
  { title: 'SEVERITY', cell: ({ severity }) => severity },
  { title: 'KNOWN BY', cell: ({ basis }) => basis },
];

export function define(command: Command): void {
  command.argument('<what>', 'CVE-2026-1234, or a package URL such as pkg:npm/express@5.1.0; without its version, every version');
  whenCalled(command, async (io, _options, [what = '']) => {
    const { client } = await connect(io.env);
    const { items } = await client.listExposures({ what });
    io.list(items, columns, `Nothing that runs is known to have ${what}.`);
    return 0;
  });
}
