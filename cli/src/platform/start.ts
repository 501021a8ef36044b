/** Brings the platform up: the machine set up, the server running, the default socle recorded. Safe to repeat. */
import type { Io } from '../output/io.ts';
import { makeHome, setUpMachine } from '../setup/perform.ts';
import { buildConsole } from './console.ts';
import { connect, type ServerFile } from './home.ts';
import { alone } from './lock.ts';
import { withRegistry } from './registry.ts';
import { runningServer, startServer } from './server-process.ts';
import { ensureSocle } from './socle.ts';

export type Up = { readonly server: ServerFile; readonly started: boolean; readonly engineSocket: string };

export async function bringUp(io: Io): Promise<Up> {
  await makeHome(io.env);
  return alone(io, async () => {
    const engineSocket = await setUpMachine(io);
    await buildConsole(io);
    const running = await runningServer(io.env);
    const server = running ?? (await startServer(io, engineSocket));
    await ensureSocle(io, await withRegistry(await connect(io.env), io.env));
    return { server, started: running === null, engineSocket };
  });
}
