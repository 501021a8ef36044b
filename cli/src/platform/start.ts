/** Brings the platform up: the machine set up, the server running, the default socle recorded. Safe to repeat. */
import type { Io } from '../output/io.ts';
import { makeHome, setUpMachine } from '../setup/perform.ts';
import { codeChangedMs } from './code.ts';
import { buildConsole } from './console.ts';
import { connect, type ServerFile } from './home.ts';
import { alone } from './lock.ts';
import { withRegistry } from './registry.ts';
import { runningServer, startServer, stopServer } from './server-process.ts';
import { ensureSocle } from './socle.ts';

export type Up = { readonly server: ServerFile; readonly started: boolean; readonly engineSocket: string };

/** The server that runs; one whose code was changed since it started is stopped, which nobody who uses what runs notices. */
async function currentServer(io: Io): Promise<ServerFile | null> {
  const running = await runningServer(io.env);
  if (running === null || Date.parse(running.startedAt) >= codeChangedMs()) return running;
  io.progress.say('Beluga was changed since its server started: it starts anew, what runs goes on');
  await stopServer(io);
  return null;
}

export async function bringUp(io: Io): Promise<Up> {
  await makeHome(io.env);
  return alone(io, async () => {
    const engineSocket = await setUpMachine(io);
    await buildConsole(io);
    const running = await currentServer(io);
    const server = running ?? (await startServer(io, engineSocket));
    await ensureSocle(io, await withRegistry(await connect(io.env), io.env));
    return { server, started: running === null, engineSocket };
  });
}
