/** Who listens on a TCP port of this machine, read from the kernel's tables (proc_pid_net(5)). */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';

/** Whether a server could listen there now. */
export function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** `nginx, process 812`, or null where it cannot be told (it belongs to another user). */
export async function holderOf(port: number): Promise<string | null> {
  const inodes = await listeningInodes(port);
  if (inodes.length === 0) return null;
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^[0-9]+$/.test(name))) {
    if (!(await holdsAny(pid, inodes))) continue;
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a program');
    return `${name.trim()}, process ${pid}`;
  }
  return null;
}

async function listeningInodes(port: number): Promise<readonly string[]> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')));
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const listening = '0A';
  return tables.flatMap((table) =>
    table.split('\n').flatMap((line) => {
      const cells = line.trim().split(/\s+/);
      return cells[1]?.endsWith(wanted) === true && cells[3] === listening ? [cells[9] ?? ''] : [];
    }),
  );
}

async function holdsAny(pid: string, inodes: readonly string[]): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const file of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${file}`).catch(() => '');
    if (inodes.some((inode) => target === `socket:[${inode}]`)) return true;
  }
  return false;
}
