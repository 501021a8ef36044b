/** Which engine answers on this machine: the socket that is set, else those where Docker and Podman usually listen. */

import { join } from 'node:path';

export type Answer =
  | { readonly kind: 'answers'; readonly socket: string }
  | { readonly kind: 'forbidden' | 'silent'; readonly socket: string; readonly problem: string };

const { request } = process.getBuiltinModule('node:http');

export const dockerSocket = '/var/run/docker.sock';
export const podmanSocket = '/run/podman/podman.sock';

/** The sockets to try, the best first, and the setting that named the only one. */
export function candidates(env: NodeJS.ProcessEnv): { readonly sockets: readonly string[]; readonly setting: string | null } {
  for (const setting of ['BELUGA_ENGINE_SOCKET', 'DOCKER_HOST']) {
    const socket = env[setting]?.replace(/^unix:\/\//, '');
    if (socket?.startsWith('/') === true) return { sockets: [socket], setting };
  }
  const own = env['XDG_RUNTIME_DIR'];
  const rootless = own === undefined || process.getuid?.() === 0 ? [] : [join(own, 'docker.sock'), join(own, 'podman/podman.sock')];
  return { sockets: [dockerSocket, podmanSocket, ...rootless], setting: null };
}

/** The first that answers; else what the first one said. */
export async function findEngine(env: NodeJS.ProcessEnv): Promise<Answer> {
  const answers = await Promise.all(candidates(env).sockets.map(askEngine));
  const found = answers.find(({ kind }) => kind === 'answers') ?? answers.find(({ kind }) => kind === 'forbidden') ?? answers[0];
  return found ?? { kind: 'silent', socket: dockerSocket, problem: 'it is not there' };
}

/** Docker and Podman both answer `GET /_ping`. */
function askEngine(socket: string): Promise<Answer> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: socket, path: '/_ping', timeout: 3_000 }, (response) => {
      response.resume();
      const problem = `it answered ${response.statusCode}`;
      resolve(response.statusCode === 200 ? { kind: 'answers', socket } : { kind: 'silent', socket, problem });
    });
    asked.on('timeout', () => asked.destroy(new Error('it does not answer')));
    asked.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      resolve({ kind: code === 'EACCES' || code === 'EPERM' ? 'forbidden' : 'silent', socket, problem: problemOf(code, message) });
    });
    asked.end();
  });
}

function problemOf(code: string | undefined, message: string): string {
  if (code === 'ENOENT') return 'it is not there';
  return code === 'ECONNREFUSED' ? 'nobody listens' : message;
}
