/** `beluga train list`: the trains, the next to depart first. */
import type { TrainView } from '@beluga/contract/train-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import type { Column } from '../output/table.ts';
import { connect } from '../platform/home.ts';

const columns: readonly Column<TrainView>[] = [
  { title: 'TRAIN', cell: (train) => train.name },
  { title: 'STATE', cell: (train) => train.state },
  { title: 'RELEASES', cell: (train) => train.members.length, right: true },
  { title: 'LOCKS', cell: (train) => train.locksAt },
  { title: 'REHEARSAL', cell: (train) => train.rehearsalAt },
  { title: 'DEPARTS', cell: (train) => train.departsAt },
];

export function define(command: Command): void {
  whenCalled<object>(command, async (io) => {
    const { client } = await connect(io.env);
    const { items } = await client.listTrains();
    io.list(items, columns, 'No train is known yet; make one with beluga train create.');
    return 0;
  });
}
