/** `beluga automation`: what is automated from infrastructure to operation, from what the platform did. */
import type { AutomationView } from '@beluga/contract/automation-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { connect } from '../platform/home.ts';

type Row = AutomationView['steps'][number] & { readonly system: string };

export function define(command: Command): void {
  command.argument('[system]', 'only this application system');
  whenCalled(command, async (io, _options, [system]) => {
    const { client } = await connect(io.env);
    const { items } = await client.mapAutomation(system === undefined ? {} : { system });
    const rows: readonly Row[] = items.flatMap(({ system: name, steps }) => steps.map((step) => ({ ...step, system: name })));
    const columns = [
      { title: 'SYSTEM', cell: (row: Row) => row.system },
      { title: 'STEP', cell: (row: Row) => row.step },
      { title: 'STATE', cell: (row: Row) => row.state },
      { title: 'TIMES', cell: (row: Row) => (row.count === 0 ? null : row.count), right: true },
      { title: 'WHY', cell: (row: Row) => row.sentence },
    ];
    io.list(rows, columns, 'No application system has a component yet: run beluga ship in the folder of one.');
    return 0;
  });
}
