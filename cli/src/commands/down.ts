/** `beluga down`: stops the platform; data and releases are kept. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { stopEverything, stopServer } from '../platform/server-process.ts';
import { findEngine } from '../setup/engine-socket.ts';

export function define(command: Command): void {
  command.option('--keep-running', 'stop only the server; instances, router and database go on');
  whenCalled<{ keepRunning?: boolean }>(command, async (io, { keepRunning }) => {
    const stopped = await stopServer(io);
    if (keepRunning !== true) await stopEverything(io, (await findEngine(io.env)).socket);
    const kept = keepRunning === true;
    const words = kept
      ? 'The server is stopped; what was installed goes on.'
      : 'Beluga is stopped; its data are kept, `beluga up` brings all back.';
    io.show({ state: 'stopped', server: stopped, instances: kept ? 'running' : 'stopped' }, () => words);
    return 0;
  });
}
