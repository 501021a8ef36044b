/** `beluga doctor`: what this machine lacks; changes nothing. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { runningServer } from '../platform/server-process.ts';
import { inspectMachine } from '../setup/machine.ts';
import { type Finding, findings } from '../setup/plan.ts';

export function define(command: Command): void {
  whenCalled(command, async (io) => {
    const found = [...findings(await inspectMachine(io.env)), await serverFinding(io.env)];
    const columns = [
      { title: 'CHECK', cell: (row: Finding) => row.what },
      { title: 'STATE', cell: (row: Finding) => row.state },
      { title: 'FOUND', cell: (row: Finding) => row.says },
      { title: 'REMEDY', cell: (row: Finding) => row.remedy ?? '' },
    ];
    io.list(found, columns, 'Nothing was checked.');
    return found.every(({ state }) => state === 'ok') ? 0 : 1;
  });
}

async function serverFinding(env: NodeJS.ProcessEnv): Promise<Finding> {
  const server = await runningServer(env);
  if (server !== null) return { what: 'server', state: 'ok', says: `${server.version} answers at ${server.url}`, remedy: null };
  return { what: 'server', state: 'missing', says: 'it does not run', remedy: '`beluga up` starts it' };
}
