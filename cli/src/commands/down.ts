/** `beluga down`: stops the platform; data and releases are kept. */
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import type { Io } from '../output/io.ts';
import { homeOf } from '../platform/home.ts';
import { alone } from '../platform/lock.ts';
import { stopEverything, stopServer } from '../platform/server-process.ts';
import { findEngine } from '../setup/engine-socket.ts';

export function define(command: Command): void {
  command.option('--keep-running', 'stop only the server; instances, router and database go on');
  whenCalled<{ keepRunning?: boolean }>(command, async (io, { keepRunning }) => {
    if ((await stat(homeOf(io.env)).catch(() => null)) === null) return tell(io, false, 'stopped', 'There is no platform here to stop.');
    const kept = keepRunning === true;
    const stopped = await alone(io, () => stop(io, kept));
    const words = kept
      ? 'The server is stopped; what was installed goes on.'
      : 'Beluga is stopped; its data are kept, `beluga up` brings all back.';
    return tell(io, stopped, kept ? 'running' : 'stopped', words);
  });
}

async function stop(io: Io, kept: boolean): Promise<boolean> {
  const stopped = await stopServer(io);
  if (!kept) await stopEverything(io, (await findEngine(io.env)).socket);
  return stopped;
}

function tell(io: Io, server: boolean, instances: 'running' | 'stopped', words: string): number {
  io.show({ state: 'stopped', server, instances }, () => words);
  return 0;
}
