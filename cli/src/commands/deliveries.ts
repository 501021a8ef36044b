/** `beluga deliveries`: what other systems were told, and what they still have to be told. */
import type { DeliveryView } from '@beluga/contract/delivery-schema';
import { type Command, Option } from 'commander';
import { whenCalled } from '../command.ts';
import type { Column } from '../output/table.ts';
import { connect } from '../platform/home.ts';

type Options = { readonly state?: DeliveryView['state'] };

const columns: readonly Column<DeliveryView>[] = [
  { title: 'DELIVERY', cell: (row) => row.id },
  { title: 'TARGET', cell: (row) => row.target },
  { title: 'TELLS', cell: (row) => `${row.kind} ${row.changes.length === 1 ? row.changes[0] : `${row.changes.length} changes`}` },
  { title: 'STATE', cell: (row) => row.state },
  { title: 'ATTEMPTS', cell: (row) => row.attempts, right: true },
  { title: 'NEXT', cell: (row) => (row.state === 'waiting' ? row.nextAt : null) },
  { title: 'REFERENCE', cell: (row) => row.reference },
  { title: 'PROBLEM', cell: (row) => row.problem },
];

export function define(command: Command): void {
  command.addOption(new Option('--state <state>', 'only those').choices(['waiting', 'sent', 'dead']));
  whenCalled<Options>(command, async (io, { state }) => {
    const { client } = await connect(io.env);
    const { items } = await client.listDeliveries({ limit: 200, ...(state === undefined ? {} : { state }) });
    io.list(items, columns, 'Nobody was told anything: platform.yaml names an ITSM tool and channels, and production changes.');
    return 0;
  });
}
