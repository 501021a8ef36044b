/** `beluga up`: sets this machine up and starts the platform. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { bringUp } from '../platform/start.ts';

export function define(command: Command): void {
  whenCalled(command, async (io) => {
    const { server, started } = await bringUp(io);
    const result = { state: started ? 'started' : 'running', url: server.url, pid: server.pid, version: server.version };
    io.show(result, () => `Beluga ${server.version} ${started ? 'runs' : 'was running'} at ${server.url}`);
    return 0;
  });
}
