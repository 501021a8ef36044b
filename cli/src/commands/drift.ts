/** `beluga drift`: what runs otherwise than it was recorded, and when it was put right. */
import type { DriftView } from '@beluga/contract/drift-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { ageOf } from '../output/text.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  command
    .argument('[component]', 'only of this component')
    .option('--env <environment>', 'only there')
    .option('--open', 'only what still stands')
    .addHelpText(
      'after',
      '\nFOUND BY is the event with which the engine told of it, or comparing. Neither Docker nor Podman says who gave the order.',
    );
  whenCalled<{ env?: string; open?: true }>(command, async (io, { env, open }, [component]) => {
    const { client } = await connect(io.env);
    const { items } = await client.listDrift({
      ...(component === undefined ? {} : { component }),
      ...(env === undefined ? {} : { environment: env }),
      ...(open === undefined ? {} : { open }),
    });
    const now = Date.now();
    const columns = [
      { title: 'COMPONENT', cell: (row: DriftView) => row.component },
      { title: 'ENVIRONMENT', cell: (row: DriftView) => row.environment },
      { title: 'WHAT', cell: (row: DriftView) => row.sentence },
      { title: 'SINCE', cell: (row: DriftView) => `${ageOf(row.foundAt, now)} ago` },
      { title: 'FOUND BY', cell: (row: DriftView) => (row.event === null ? 'comparing' : `event: ${row.event}`) },
      { title: 'REPAIRED', cell: (row: DriftView) => repairedOf(row) },
    ];
    io.list(items, columns, open === true ? 'What runs is as it was recorded.' : 'What runs is as it was recorded, and always was.');
    return 0;
  });
}

function repairedOf({ foundAt, repairedAt, repair }: DriftView): string {
  if (repairedAt === null) return repair === 'always' ? 'being put right' : 'no: it is only told';
  return `after ${Math.max(0, Math.round((Date.parse(repairedAt) - Date.parse(foundAt)) / 1000))} s`;
}
