/** `beluga components`: the components that have a release. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  whenCalled(command, async (io) => {
    const { client } = await connect(io.env);
    const { items } = await client.listComponents();
    const columns = [
      { title: 'COMPONENT', cell: (row: (typeof items)[number]) => row.name },
      { title: 'SYSTEM', cell: (row: (typeof items)[number]) => row.system },
      { title: 'KIND', cell: (row: (typeof items)[number]) => row.kind },
    ];
    io.list(items, columns, 'No component has a release yet: run beluga ship in the folder of one.');
    return 0;
  });
}
