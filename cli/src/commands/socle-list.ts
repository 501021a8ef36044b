/** `beluga socle list`: the socles that images stand on. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { shortDigest, sizeOf } from '../output/text.ts';
import { connect } from '../platform/home.ts';
import { runtimeWords, stateOf } from '../socle/words.ts';

export function define(command: Command): void {
  whenCalled(command, async (io) => {
    const { client } = await connect(io.env);
    const { items } = await client.listSocles();
    type Row = (typeof items)[number];
    const columns = [
      { title: 'SOCLE', cell: (row: Row) => `${row.name} #${row.number}` },
      { title: 'IMAGE', cell: (row: Row) => shortDigest(row.image) },
      { title: 'VENDOR BASE', cell: (row: Row) => shortDigest(row.vendor) },
      { title: 'SIZE', cell: (row: Row) => sizeOf(row.layers.reduce((sum, layer) => sum + layer.sizeBytes, 0)), right: true },
      { title: 'RUNTIME', cell: (row: Row) => runtimeWords(row.runtime) },
      { title: 'RECORDED', cell: (row: Row) => row.recordedAt },
      { title: 'STATE', cell: (row: Row) => stateOf(row.deprecated) },
    ];
    io.list(items, columns, 'There is no socle yet: beluga up records the default one, beluga socle build makes one from a socle.yaml.');
    return 0;
  });
}
