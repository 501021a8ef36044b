/** `beluga status`: what runs where. */
import type { StatusView } from '@beluga/contract/api-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { renderTable } from '../output/table.ts';
import { ageOf } from '../output/text.ts';
import { connect } from '../platform/home.ts';

export function define(command: Command): void {
  whenCalled(command, async (io) => {
    const { client, url } = await connect(io.env);
    const status = await client.status();
    io.show(status, () => wordsOf(status, url));
    return 0;
  });
}

function wordsOf({ platform, components }: StatusView, url: string): string {
  const { engine } = platform;
  const title = `Beluga ${platform.version} at ${url}; engine ${engine.kind} ${engine.version} (${engine.state}); registry ${platform.registry}`;
  if (components.length === 0) return `${title}\nNothing is installed yet: run beluga ship in the folder of a component, or beluga demo.`;
  const now = Date.now();
  type Cell = (typeof components)[number];
  const table = renderTable<Cell>(
    [
      { title: 'COMPONENT', cell: (cell) => cell.component },
      { title: 'ENVIRONMENT', cell: (cell) => cell.environment },
      { title: 'RELEASE', cell: (cell) => cell.release },
      { title: 'STATE', cell: (cell) => cell.state },
      { title: 'READY', cell: (cell) => (cell.kind === 'Job' ? null : `${cell.replicas.ready}/${cell.replicas.wanted}`), right: true },
      { title: 'AGE', cell: (cell) => ageOf(cell.deployedAt, now), right: true },
      { title: 'ADDRESS', cell: (cell) => cell.address },
      ...(components.some(({ reason }) => reason !== null) ? [{ title: 'WHY', cell: (cell: Cell) => cell.reason }] : []),
    ],
    components,
  );
  return `${title}\n\n${table}`;
}
