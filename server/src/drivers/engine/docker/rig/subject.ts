/** A real engine as the contract suites want it. */
import { join } from 'node:path';
import type { Engine } from '../../engine.ts';
import type { Subject } from '../../subject.ts';
import { createClient } from '../client.ts';
import { createDockerEngine } from '../docker-engine.ts';
import { claimPorts } from './ports.ts';
import { openRealEngine, type RealEngine } from './real-engine.ts';
import { openTestRegistry } from './test-image.ts';

export type RealSubject = Subject & { readonly real: RealEngine; readonly home: string; readonly platform: string };

const portsWanted = 24;
const platform = 'bt';
const environments = ['dev', 'int'];
const silent = { info() {}, warn() {} };

export async function openSubject(kind: RealEngine['kind']): Promise<RealSubject> {
  const registry = await openTestRegistry();
  const real = await openRealEngine(kind);
  const home = join(real.folder, 'home');
  const ports = await claimPorts(portsWanted);
  const memory = join(real.folder, 'memory');
  const again = (): Engine =>
    createDockerEngine({ socket: real.socket, platform, home, ports, registryAccess: registry.access, environments, log: silent, memory });
  const engine = again();
  const { docker } = createClient(real.socket);
  let port = ports.first;
  const kill = async (instance: string) => {
    const { State } = await docker.getContainer(`${platform}.${instance}`).inspect();
    if (State.Pid > 0) process.kill(State.Pid, 'SIGKILL');
  };
  const pause = (instance: string) => docker.getContainer(`${platform}.${instance}`).pause();
  const close = async () => {
    await engine.shutDown().catch(() => {});
    await real.close();
    await registry.close();
    await ports.release();
  };
  return { engine, again, image: registry.image, kill, pause, port: () => port++, close, real, home, platform };
}
