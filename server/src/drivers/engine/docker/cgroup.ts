/**
 * What the kernel holds a running container to. `podman update` changes it and nothing else: no event tells of it, and what the engine says of
 * the container stays as it was.
 *
 * Read from this machine's cgroups (cgroups(7)), of the first or the second version; unknown where they cannot be read.
 */
import { readFile } from 'node:fs/promises';
import type { Limits } from './container-options.ts';

/** Bytes of memory and billionths of a core; 0 is without limit, null is unknown. */
export type HeldTo = { readonly memory: number | null; readonly cpus: number | null };

const root = '/sys/fs/cgroup';
/** Values as large as this mean none. */
const unlimited = 2 ** 60;

/** Of the container of this id, one of whose processes this is. */
export async function heldTo(pid: number, id: string): Promise<HeldTo> {
  const paths = await pathsOf(pid, id);
  return paths === null ? { memory: null, cpus: null } : await read(paths);
}

/** Where the cgroups of a container are, by controller; it keeps them over restarts. */
export type CgroupPaths = { readonly memory: string; readonly cpu: string };

/** Null when the process is gone, or its cgroups do not bear the container's id: then nobody knows whose limits they are. */
export async function pathsOf(pid: number, id: string): Promise<CgroupPaths | null> {
  const text = pid > 0 ? await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '') : '';
  const lines = text.split('\n').flatMap((line) => {
    const [, controllers, path] = line.split(':');
    return controllers === undefined || path === undefined ? [] : [{ controllers: controllers.split(','), path: upTo(id, path) }];
  });
  const folder = (name: string) => {
    const first = lines.find(({ controllers }) => controllers.includes(name))?.path;
    if (first !== undefined) return first === null ? null : `${root}/${name}${first}`;
    const second = lines.find(({ controllers }) => controllers.join('') === '')?.path ?? null;
    return second === null ? null : `${root}${second}`;
  };
  const [memory, cpu] = [folder('memory'), folder('cpu')];
  return memory === null || cpu === null ? null : { memory, cpu };
}

/** The path up to the part that names the container; below it an engine may have made groups without limits. */
function upTo(id: string, path: string): string | null {
  const parts = path.split('/');
  const own = parts.findIndex((part) => part.includes(id));
  return own === -1 ? null : parts.slice(0, own + 1).join('/');
}

export async function read({ memory, cpu }: CgroupPaths): Promise<HeldTo> {
  const [bytes, quota, period, both] = await Promise.all([
    text(`${memory}/memory.max`, `${memory}/memory.limit_in_bytes`),
    text(`${cpu}/cpu.cfs_quota_us`),
    text(`${cpu}/cpu.cfs_period_us`),
    text(`${cpu}/cpu.max`),
  ]);
  const [share = null, of = null] = both === null ? [quota, period] : both.split(' ');
  return { memory: bytes === null ? null : limit(bytes), cpus: share === null || of === null ? null : coresOf(share, of) };
}

function coresOf(share: string, of: string): number {
  const quota = limit(share);
  return quota <= 0 ? 0 : Math.round((quota / Number(of)) * 1e9);
}

function limit(text: string): number {
  const value = text === 'max' ? unlimited : Number(text);
  return value >= unlimited ? 0 : value;
}

async function text(...paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const found = await readFile(path, 'utf8').catch(() => null);
    if (found !== null) return found.trim();
  }
  return null;
}

/** Kernel and service manager round: to whole pages, and to hundredths of a core. */
const slack = { memory: 65_536, cpus: 10_000_000 };

/** Of what an engine says and what the kernel does, the latter where it is known and another. */
export function truth({ memory, cpus }: HeldTo, said: { readonly memory: number; readonly cpus: number }, can: Limits) {
  const of = (held: number | null, engine: number, tolerated: number) =>
    held === null || Math.abs(held - engine) <= tolerated ? engine : held;
  return {
    memory: can.memory ? of(memory, said.memory, slack.memory) : said.memory,
    cpus: can.cpu ? of(cpus, said.cpus, slack.cpus) : said.cpus,
  };
}
