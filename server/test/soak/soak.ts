/**
 * One deployment after the other of a trivial service under load, and what is left over by them: nothing may be.
 *
 * Counted are failed requests, containers, servers of the router, open files of this process and of HAProxy, and memory.
 */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '../../src/drivers/engine/docker/client.ts';
import { startLoad } from '../../src/drivers/engine/docker/rig/load.ts';
import type { RealSubject } from '../../src/drivers/engine/docker/rig/subject.ts';
import { paths } from '../../src/drivers/engine/docker/router/configuration.ts';
import { livingRouter } from '../../src/drivers/engine/docker/router/process.ts';
import { ask, parseServers } from '../../src/drivers/engine/docker/router/socket.ts';
import { install, putBack, testWorkload } from '../../src/drivers/engine/subject.ts';
import { BelugaError } from '../../src/errors.ts';

export type Left = {
  readonly containers: number;
  readonly servers: number;
  readonly files: number;
  readonly routerFiles: number;
  readonly memoryMb: number;
  readonly routerMemoryMb: number;
};
export type Soaked = { readonly deployments: number; readonly sent: number; readonly failed: number; readonly problems: readonly string[] };

const replicas = 2;
/** Caches fill and pools grow during the first deployments: what is left is compared with what was left then. */
const warmUp = 5;
const moreFiles = 12;
const moreMemoryMb = 64;

/** One that is told to end by `signal` ends after the deployment that moves, and tells what it saw so far. */
export async function soak(subject: RealSubject, wanted: number, say: (text: string) => void, signal?: AbortSignal): Promise<Soaked> {
  const { engine } = subject;
  await engine.prepare(['dev']);
  const workload = (version: number) => testWorkload(subject, 'soaked', String(version), { replicas: { min: replicas, max: replicas } });
  await engine.route(workload(0), subject.port());
  await install(engine, workload(0));
  const load = startLoad({ url: `${await engine.address(workload(0))}/`, kept: 40, fresh: 10, connections: 8 });
  let first: Left | null = null;
  let deployments = 0;
  const refused: string[] = [];
  for (let version = 1; version <= wanted && signal?.aborted !== true; version += 1) {
    await install(engine, workload(version)).catch(async (error: unknown) => {
      if (!(error instanceof BelugaError)) throw error;
      refused.push(`deployment ${version}: ${error.message}`);
      await putBack(engine, workload(version), workload(version - 1));
    });
    deployments = version;
    if (version === warmUp) first = await left(subject);
    if (version % 50 === 0) say(`${version} of ${wanted}: ${JSON.stringify(await left(subject))}`);
  }
  await sleep(300);
  const last = await left(subject);
  const { sent, failed, failures } = await load.stop();
  const problems = [...refused, ...(first === null ? ['too few deployments to compare'] : grown(first, last))];
  if (failed > 0) problems.push(`${failed} of ${sent} requests failed: ${JSON.stringify(failures)}`);
  return { deployments, sent, failed, problems };
}

async function left(subject: RealSubject): Promise<Left> {
  globalThis.gc?.();
  const files = paths(`${subject.home}/router`);
  const router = (await livingRouter(files)) ?? 0;
  const { docker } = createClient(subject.real.socket);
  const servers = parseServers(await ask(files.socket, ['show servers state'])).filter(({ maintenance }) => !maintenance);
  return {
    containers: (await docker.listContainers({ all: true })).length,
    servers: servers.length,
    files: await openFiles(process.pid),
    routerFiles: await openFiles(router),
    memoryMb: Math.round(process.memoryUsage().rss / 1024 ** 2),
    routerMemoryMb: await memoryOf(router),
  };
}

function grown(first: Left, last: Left): string[] {
  const bounds: Readonly<Record<keyof Left, number>> = {
    containers: 0,
    servers: 0,
    files: moreFiles,
    routerFiles: moreFiles * 4,
    memoryMb: moreMemoryMb,
    routerMemoryMb: moreMemoryMb,
  };
  return (Object.keys(bounds) as (keyof Left)[]).flatMap((what) =>
    last[what] > first[what] + bounds[what] ? [`${what} grew from ${first[what]} to ${last[what]}`] : [],
  );
}

async function openFiles(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`).catch(() => [])).length;
}

async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
}
