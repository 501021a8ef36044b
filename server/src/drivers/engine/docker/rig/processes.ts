/** Ends what a test's folder still runs: every process that names the folder, with all its children. */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

type Process = { readonly pid: number; readonly parent: number; readonly command: string };

export async function endProcessesOf(folder: string): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    const all = await processes();
    const named = all.filter(({ command, pid }) => command.includes(folder) && pid !== process.pid);
    if (named.length === 0) return;
    for (const pid of withChildren(named, all)) kill(pid);
    await sleep(100);
  }
}

async function processes(): Promise<readonly Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => await read(Number(pid))));
  return found.filter((one) => one !== null);
}

/** proc(5): the parent stands two fields after the name, which is in brackets. A process that ended meanwhile is none. */
async function read(pid: number): Promise<Process | null> {
  try {
    const [stat, command] = await Promise.all([readFile(`/proc/${pid}/stat`, 'utf8'), readFile(`/proc/${pid}/cmdline`, 'utf8')]);
    return { pid, parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), command };
  } catch {
    return null;
  }
}

function withChildren(roots: readonly Process[], all: readonly Process[]): ReadonlySet<number> {
  const doomed = new Set(roots.map(({ pid }) => pid));
  for (let before = -1; before !== doomed.size; ) {
    before = doomed.size;
    for (const { pid, parent } of all) if (doomed.has(parent)) doomed.add(pid);
  }
  doomed.delete(process.pid);
  return doomed;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
