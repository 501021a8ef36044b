/**
 * Docker Swarm: an update of a service with a health check, tuned to start the new before it ends the old, all at once. Its routing mesh
 * needs IPVS in the kernel; where that is missing no request reaches it, and only its time can be told.
 */
import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createClient } from '../../server/src/drivers/engine/docker/client.ts';
import { endProcessesOf } from '../../server/src/drivers/engine/docker/rig/processes.ts';
import { type Contender, environmentOf, readyPath, replicas } from './contender.ts';
import { answers, type Ground } from './haproxy.ts';

const run = promisify(execFile);
const image = 'bench/app:1';
const startMs = 20_000;

/** Needs a Docker of its own: Swarm and containers that live on when Docker restarts exclude each other. */
export async function swarm(ground: Ground): Promise<Contender> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-swarm-'));
  const socket = join(folder, 's');
  await startDocker(folder, socket);
  const { docker } = createClient(socket);
  const cli = async (...words: readonly string[]) => (await run('docker', ['-H', `unix://${socket}`, ...words])).stdout;
  const name = (await ground.docker.getImage(ground.image).inspect()).Id;
  const loading = await docker.loadImage((await ground.docker.getImage(name).get()) as unknown as NodeJS.ReadableStream);
  await new Promise((resolve, reject) => loading.on('end', resolve).on('error', reject).resume());
  await docker.getImage(name).tag({ repo: 'bench/app', tag: '1' });
  await cli('swarm', 'init', '--advertise-addr', '127.0.0.1');
  const service = await docker.createService(serviceOf('1', ground.port));
  const settled = async () => {
    const { UpdateStatus } = (await service.inspect()) as { readonly UpdateStatus?: { readonly State: string } };
    return UpdateStatus === undefined || UpdateStatus.State === 'completed';
  };
  const healthy = async () =>
    await docker.listContainers({ filters: { label: ['com.docker.swarm.service.name=app'], health: ['healthy'] } });
  while ((await healthy()).length < replicas) await sleep(100);
  return {
    name: 'docker swarm',
    reachable: await answers('127.0.0.1', ground.port),
    address: `http://127.0.0.1:${ground.port}`,
    async replace(version) {
      const { Version } = (await service.inspect()) as { readonly Version: { readonly Index: number } };
      await service.update({ version: Version.Index, ...serviceOf(version, ground.port) });
      await sleep(200);
      while (!(await settled())) await sleep(50);
    },
    async kill(what) {
      const all = await healthy();
      const found = await Promise.all(all.slice(0, what === 'one' ? 1 : all.length).map(({ Id }) => docker.getContainer(Id).inspect()));
      for (const { State } of found) process.kill(State.Pid, 'SIGKILL');
    },
    killRouter: null,
    whole: async () => (await healthy()).length === replicas,
    async close() {
      await cli('service', 'rm', 'app').catch(() => '');
      await cli('swarm', 'leave', '--force').catch(() => '');
      await endProcessesOf(folder);
      const mounts = (await run('mount')).stdout.split('\n').flatMap((line) => line.split(' ')[2] ?? []);
      for (const mount of mounts.filter((path) => path.startsWith(folder)).reverse()) await run('umount', ['-l', mount]).catch(() => '');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const second = 1e9;

function serviceOf(version: string, port: number) {
  const ask = `fetch('http://127.0.0.1:8080${readyPath}').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))`;
  const Healthcheck = { Test: ['CMD', 'node', '-e', ask], Interval: second / 2, Timeout: 2 * second, Retries: 20 };
  const Env = Object.entries(environmentOf(version)).map(([key, value]) => `${key}=${value}`);
  const update = { Parallelism: replicas, Delay: 0, Order: 'start-first' as const, Monitor: second / 2, FailureAction: 'pause' as const };
  return {
    Name: 'app',
    TaskTemplate: { ContainerSpec: { Image: image, Env, Healthcheck, StopGracePeriod: 10 * second } },
    Mode: { Replicated: { Replicas: replicas } },
    UpdateConfig: { ...update, MaxFailureRatio: 0 },
    EndpointSpec: { Ports: [{ Protocol: 'tcp' as const, TargetPort: 8080, PublishedPort: port, PublishMode: 'ingress' as const }] },
  };
}

async function startDocker(folder: string, socket: string): Promise<void> {
  const own = ['--data-root', join(folder, 'd'), '--exec-root', join(folder, 'x'), '--pidfile', join(folder, 'p')];
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn('dockerd', ['-H', `unix://${socket}`, ...own, '--bridge', 'none'], { stdio: ['ignore', log, log] });
  closeSync(log);
  child.unref();
  const { docker } = createClient(socket);
  for (let waited = 0; waited < startMs; waited += 50) {
    if (await docker.ping().catch(() => false)) return;
    await sleep(50);
  }
  throw new Error(`a second dockerd did not start; its log is ${join(folder, 'log')}`);
}
