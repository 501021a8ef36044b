/** `beluga socles`: the socles that images stand on. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { shortDigest, sizeOf } from '../output/text.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  whenCalled(command, async (io) => {
    const { client } = await connect(io.env);
    const { items } = await client.listSocles();
    type Row = (typeof items)[number];
    const columns = [
      { title: 'SOCLE', cell: (row: Row) => row.name },
      { title: 'IMAGE', cell: (row: Row) => shortDigest(row.image) },
      { title: 'VENDOR BASE', cell: (row: Row) => shortDigest(row.vendor) },
      { title: 'SIZE', cell: (row: Row) => sizeOf(row.layers.reduce((sum, layer) => sum + layer.sizeBytes, 0)), right: true },
      { title: 'RECORDED', cell: (row: Row) => row.recordedAt },
    ];
    io.list(items, columns, 'There is no socle yet: beluga up records the default one.');
    return 0;
  });
}
