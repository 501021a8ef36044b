/**
 * The router's process: HAProxy under a small supervisor, in a session of their own, which go on when the server stops.
 *
 * The supervisor is a shell that holds the listening sockets. It starts HAProxy again when that dies, also while no server is there;
 * connections that come meanwhile wait in the kernel's queue and are not refused. HAProxy is recognised by its admin socket.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { BelugaError } from '../../../../errors.ts';
import type { Paths } from './configuration.ts';
import { ask } from './socket.ts';
import type { Range } from './state.ts';

const startMs = 10_000;

/**
 * $1: configuration, $2: where to write its process id, $3: admin socket. On USR1 a second HAProxy takes over the sockets and the first
 * finishes what it has. Back-off of a second when HAProxy does not even live for one.
 */
const supervisor = `
echo $$ > "$2"
trap 'kill -TERM $child; exit 0' TERM INT
trap 'haproxy -db -f "$1" -x "$3" -sf $child & child=$!' USR1
while :; do
  began=$(date +%s)
  haproxy -db -f "$1" &
  child=$!
  while kill -0 $child 2>/dev/null; do wait $child; done
  [ "$(date +%s)" -gt "$((began + 1))" ] || sleep 1
done`;

/** The process id of the router that answers, or null. */
export async function livingRouter(files: Paths): Promise<number | null> {
  try {
    const answer = await ask(files.socket, ['show info']);
    return Number(/^Pid: (\d+)$/m.exec(answer)?.[1] ?? Number.NaN) || null;
  } catch {
    return null;
  }
}

/** Waits until another process than `former` answers on the admin socket. Gives null when none does in time. */
export async function awaitRouter(files: Paths, former: number | null, withinMs = startMs): Promise<number | null> {
  for (let waited = 0; waited < withinMs; waited += 20) {
    const pid = await livingRouter(files);
    if (pid !== null && pid !== former) return pid;
    await sleep(20);
  }
  return null;
}

export type Listeners = { readonly ports: readonly number[]; readonly servers: readonly Server[] };

/** Opens the ports of a range that this machine lets us listen on now; the others belong to other programs. */
export async function openListeners(range: Range): Promise<Listeners> {
  const all = Array.from({ length: range.last - range.first + 1 }, (_, index) => range.first + index);
  const opened = (await Promise.all(all.map(listen))).filter((one) => one !== null);
  return { ports: opened.map(({ port }) => port), servers: opened.map(({ server }) => server) };
}

function listen(port: number): Promise<{ readonly port: number; readonly server: Server } | null> {
  return new Promise((resolve) => {
    const server = createServer({ pauseOnConnect: true });
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1', backlog: 4_096 }, () => resolve({ port, server }));
  });
}

/** Starts the supervisor with the sockets and waits until HAProxy answers. Throws `router-unreachable` with what it said. */
export async function startRouter(files: Paths, listeners: Listeners): Promise<number> {
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await rm(files.log, { force: true });
  const log = openSync(files.log, 'a');
  const words = ['-c', supervisor, 'beluga-router', files.configuration, files.supervisor, files.socket];
  const child = spawn('sh', words, { detached: true, stdio: ['ignore', log, log, ...listeners.servers.map(descriptorOf)] });
  child.on('error', () => {});
  child.unref();
  closeSync(log);
  for (const server of listeners.servers) server.close();
  const pid = await awaitRouter(files, null);
  if (pid !== null) return pid;
  await stopRouter(files);
  throw new BelugaError('router-unreachable', { problem: `HAProxy did not start: ${await lastAlert(files)}` });
}

/** The number under which this process knows the socket. */
function descriptorOf(server: Server): number {
  const { _handle: handle } = server as unknown as { readonly _handle: { readonly fd: number } };
  return handle.fd;
}

/** Lets a new HAProxy take over the sockets with the configuration as it is on disk; the old one finishes what it has. */
export async function reloadRouter(files: Paths, former: number): Promise<number> {
  const keeper = await supervisorOf(files);
  if (keeper === null) throw new BelugaError('router-unreachable', { problem: 'its supervisor is gone' });
  process.kill(keeper, 'SIGUSR1');
  const pid = await awaitRouter(files, former);
  if (pid === null) throw new BelugaError('router-unreachable', { problem: `HAProxy did not take over: ${await lastAlert(files)}` });
  return pid;
}

/** Whether a HAProxy that was replaced still finishes what it has: nobody can ask it what that is. */
export async function formerRouterLives(files: Paths): Promise<boolean> {
  const [keeper, living] = await Promise.all([supervisorOf(files), livingRouter(files)]);
  if (keeper === null) return false;
  const children = await readFile(`/proc/${keeper}/task/${keeper}/children`, 'utf8').catch(() => '');
  return children.split(' ').some((pid) => pid.trim() !== '' && Number(pid) !== living);
}

/** Ends the supervisor and HAProxy. */
export async function stopRouter(files: Paths): Promise<void> {
  const keeper = await supervisorOf(files);
  const living = await livingRouter(files);
  for (const pid of [keeper, living]) if (pid !== null) end(pid);
  for (let waited = 0; waited < startMs && (await livingRouter(files)) !== null; waited += 20) await sleep(20);
}

/** The process id of the supervisor, or null when it is gone; a number that another program has by now does not count. */
export async function supervisorOf(files: Paths): Promise<number | null> {
  const pid = Number(await readFile(files.supervisor, 'utf8').catch(() => ''));
  if (!(pid > 0)) return null;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes(files.supervisor) ? pid : null;
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It ended by itself.
  }
}

async function lastAlert(files: Paths): Promise<string> {
  const said = await readFile(files.log, 'utf8').catch(() => '');
  const lines = said.split('\n').filter((line) => line !== '');
  const alerts = lines.filter((line) => line.includes('[ALERT]'));
  return (alerts.length > 0 ? alerts : lines).slice(-3).join(' ') || 'it said nothing';
}

/** How many connections HAProxy may hold with the files this process may open (each costs two), at most 8,000. */
export async function connectionsAllowed(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const hard = Number(/Max open files\s+\S+\s+(\d+)/.exec(limits)?.[1] ?? 4096);
  return Math.max(100, Math.min(8_000, Math.floor((hard - 7_000) / 2)));
}
