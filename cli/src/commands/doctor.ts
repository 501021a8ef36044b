/** `beluga doctor`: what this machine lacks; changes nothing. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { homeOf, readServerFile } from '../platform/home.ts';
import { runningServer } from '../platform/server-process.ts';
import { type Finding, findingsOf, good } from '../setup/findings.ts';
import { inspectMachine } from '../setup/machine.ts';
import { mirrorFindings } from '../setup/mirror.ts';

export function define(command: Command): void {
  command.addHelpText('after', '\nExit code 0 when nothing is missing or wrong, 1 otherwise.');
  whenCalled(command, async (io) => {
    const machine = await inspectMachine(io.env);
    const found = [...findingsOf(machine), ...(await mirrorFindings(machine)), await serverFinding(io.env)];
    const columns = [
      { title: 'CHECK', cell: (row: Finding) => row.what },
      { title: 'STATE', cell: (row: Finding) => row.state },
      { title: 'FOUND', cell: (row: Finding) => row.says },
      { title: 'REMEDY', cell: (row: Finding) => row.remedy },
    ];
    io.list(found, columns, 'Nothing was checked.');
    return found.every(({ state }) => state === 'ok') ? exitCodes.done : exitCodes.error;
  });
}

/** A server that was stopped is no fault; one that ended without saying so is. */
async function serverFinding(env: NodeJS.ProcessEnv): Promise<Finding> {
  const server = await runningServer(env);
  if (server !== null) return good('server', `${server.version} answers at ${server.url}`);
  if ((await readServerFile(homeOf(env))) === null) return good('server', 'stopped; `beluga up` starts it');
  return {
    what: 'server',
    state: 'wrong',
    says: 'it ended without being stopped',
    remedy: '`beluga up` starts it again and adopts what runs',
  };
}
