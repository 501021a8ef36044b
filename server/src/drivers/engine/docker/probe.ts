/** Asking an instance from outside whether it is there: a connection, or one HTTP request on a connection of its own. */
import { request } from 'node:http';
import { connect } from 'node:net';
import type { Probe } from '../engine.ts';

export type Answer = { readonly status: number; readonly body: string };
export type Target = { readonly ip: string; readonly port: number };

const bodyLimit = 64 * 1024;

/** Null when a connection opens within the time, else why not. */
export function probeTcp(target: Target, withinMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: target.ip, port: target.port });
    const end = (result: string | null) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(withinMs, () => end(`port ${target.port} did not answer within ${withinMs} ms`));
    socket.once('connect', () => end(null));
    socket.once('error', (cause) => end(sentence(cause, target)));
  });
}

/** Sends GET and gives the answer, or a sentence why there was none. */
export function probeHttp(target: Target, path: string, withinMs: number): Promise<Answer | string> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(withinMs);
    const headers = { connection: 'close', 'user-agent': 'beluga-probe', host: `${target.ip}:${target.port}` };
    const asked = request({ host: target.ip, port: target.port, path, headers, agent: false, signal }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => (body.length < bodyLimit ? (body += chunk) : undefined));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      answer.on('error', (cause) => resolve(sentence(cause, target)));
    });
    asked.on('error', (cause) => resolve(signal.aborted ? `no answer within ${withinMs} ms` : sentence(cause, target)));
    asked.end();
  });
}

/** Null when it answers well, 2xx or 3xx on the path, or where there is none its port opens; else why not. */
export async function probeLive(target: Target, { path, timeoutMs }: Probe): Promise<string | null> {
  if (path === null) return await probeTcp(target, timeoutMs);
  const answer = await probeHttp(target, path, timeoutMs);
  if (typeof answer === 'string') return answer;
  return answer.status >= 200 && answer.status < 400 ? null : `${path} answered ${answer.status}`;
}

function sentence(cause: Error, target: Target): string {
  const code = 'code' in cause ? cause.code : '';
  if (code === 'ECONNREFUSED') return `nothing listens on port ${target.port}`;
  if (code === 'ECONNRESET') return 'the connection was reset';
  return cause.message;
}
