/** `beluga measures`: how delivery goes, and where time is lost; `--open` lists what makes a figure. */
import type { DeploymentView } from '@beluga/contract/api-schema';
import type { Client } from '@beluga/contract/client';
import type { MeasuresView } from '@beluga/contract/measure-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import { type Column, renderTable } from '../output/table.ts';
import { connect } from '../platform/home.ts';

type Options = { readonly env?: string; readonly system?: string; readonly days: string; readonly open?: string };

export function define(command: Command): void {
  command
    .option('--env <environment>', 'of this environment; default: the last')
    .option('--system <system>', 'only of this application system')
    .option('--days <number>', 'of the last so many days', '30')
    .option('--open <figure>', 'the deployments that make a figure or a wait');
  whenCalled<Options>(command, async (io, { env, system, days, open }) => {
    if (!/^[1-9][0-9]{0,3}$/.test(days)) throw new CliError('usage', { problem: `"${days}" is no number of days.`, command: 'measures ' });
    const { client } = await connect(io.env);
    const filter = { ...(env === undefined ? {} : { environment: env }), ...(system === undefined ? {} : { system }) };
    const measures = await client.measureDelivery({ ...filter, days: Number(days) });
    if (open === undefined) io.show(measures, () => wordsOf(measures));
    else await showOpened(io, client, madeBy(measures, open), open);
    return 0;
  });
}

/** The identifiers of the deployments that make a figure or a wait. */
function madeBy({ figures, waits }: MeasuresView, open: string): readonly string[] {
  const made = [
    ...figures.map(({ name, deployments }) => ({ name: String(name), deployments })),
    ...waits.map(({ gate, deployments }) => ({ name: gate, deployments })),
  ];
  const found = made.find(({ name }) => name === open);
  if (found === undefined)
    throw new CliError('usage', { problem: `"${open}" is none of ${made.map(({ name }) => name).join(', ')}.`, command: 'measures ' });
  return found.deployments;
}

/** So many are asked for at once. */
const mostIds = 100;
const columns: readonly Column<DeploymentView>[] = [
  { title: 'DEPLOYMENT', cell: (row) => row.id },
  { title: 'COMPONENT', cell: (row) => row.component },
  { title: 'VERSION', cell: (row) => row.version },
  { title: 'PURPOSE', cell: (row) => row.purpose },
  { title: 'STATE', cell: (row) => row.state },
  { title: 'REQUESTED', cell: (row) => row.requestedAt },
  { title: 'ENDED', cell: (row) => row.endedAt },
];

async function showOpened(io: Io, client: Client, ids: readonly string[], open: string): Promise<void> {
  const rows: DeploymentView[] = [];
  for (let at = 0; at < ids.length; at += mostIds) {
    const part = ids.slice(at, at + mostIds);
    rows.push(...(await client.listDeployments({ ids: part.join(','), limit: part.length })).items);
  }
  io.list(rows, columns, `Nothing makes ${open}.`);
}

function wordsOf({ environment, from, to, installations, figures, waits }: MeasuresView): string {
  const head = `${installations} installations in ${environment}, ${from.slice(0, 10)} to ${to.slice(0, 10)}`;
  const table = renderTable(
    [
      { title: 'FIGURE', cell: (row) => row.name },
      { title: 'VALUE', cell: ({ value, unit }) => valueOf(value, unit), right: true },
      { title: 'MADE BY', cell: ({ deployments }) => deployments.length, right: true },
    ],
    figures,
  );
  const lost = renderTable(
    [
      { title: 'LOST AT', cell: (row) => row.gate },
      { title: 'HOURS', cell: ({ hours }) => hours.toFixed(2), right: true },
      { title: 'DEPLOYMENTS', cell: ({ deployments }) => deployments.length, right: true },
    ],
    waits,
  );
  return [head, '', table, '', waits.length === 0 ? 'No time was lost.' : lost].join('\n');
}

function valueOf(value: number | null, unit: string): string | null {
  if (value === null) return null;
  if (unit === 'share') return `${(value * 100).toFixed(1)} %`;
  return `${value.toFixed(2)} ${unit}`;
}
