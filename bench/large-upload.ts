/**
 * `npm run large-upload [-- MEBIBYTES]`: sends a blob of 5 GiB to the embedded registry and reads it back; fails where client or
 * registry, each a process of its own, ever held more than 200 MiB of memory.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Digester } from '@beluga/oci/digest';
import { Registry } from '@beluga/oci/registry';
import { uploadBlob } from '@beluga/oci/upload';
import { openEmbeddedRegistry } from '../server/src/drivers/registry/embedded/embedded-registry.ts';

const mostMiB = 200;

const [, program = '', first, folder = ''] = process.argv;
if (program === import.meta.filename) {
  if (first === 'serve') await serve(folder);
  else if (first === 'send') process.stdout.write(`${JSON.stringify(await send(folder, process.argv[4] ?? ''))}\n`);
  else process.exitCode = await main(Number(first ?? 5 * 1024));
}

async function main(sizeMiB: number): Promise<number> {
  const startMs = performance.now();
  const { client, registry } = await peaksOf(sizeMiB);
  const good = client <= mostMiB && registry <= mostMiB;
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  process.stdout.write(
    `${sizeMiB} MiB sent and read back in ${seconds} s: client ${client} MiB, registry ${registry} MiB, wanted ${mostMiB}\n`,
  );
  return good ? 0 : 1;
}

/** The most memory, in MiB, that client and registry held while so much went through both. */
export async function peaksOf(sizeMiB: number): Promise<{ readonly client: number; readonly registry: number }> {
  const place = mkdtempSync(join(tmpdir(), 'beluga-large-'));
  const blob = join(place, 'blob');
  writeFileSync(blob, 'a layer as large as a disk\n');
  truncateSync(blob, sizeMiB * 1024 * 1024);
  const server = start('serve', place);
  try {
    const host = await lineOf(server);
    const client = JSON.parse(await lineOf(start('send', place, host))) as { readonly peakMiB: number };
    return { client: client.peakMiB, registry: peakMiB(server.pid ?? 0) };
  } finally {
    server.kill('SIGKILL');
    rmSync(place, { recursive: true, force: true });
  }
}

async function serve(place: string): Promise<void> {
  const server = createServer({ requestTimeout: 0 }, (request, response) => opened.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const authenticate = async () => ({ name: 'anybody', access: 'write' as const });
  const opened = await openEmbeddedRegistry({ folder: join(place, 'registry'), host, authenticate });
  process.stdout.write(`${host}\n`);
}

async function send(place: string, host: string): Promise<{ readonly peakMiB: number }> {
  const file = join(place, 'blob');
  const digester = new Digester();
  for await (const part of createReadStream(file, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) digester.update(part);
  const [digest, sizeBytes] = [digester.digest(), digester.sizeBytes];
  const registry = new Registry(host);
  await uploadBlob(registry, 'large/blob', { kind: 'file', digest, sizeBytes, file });
  let readBytes = 0;
  for await (const part of registry.blob('large/blob', digest)) readBytes += part.length;
  registry.close();
  if (readBytes !== sizeBytes) throw new Error(`${readBytes} of ${sizeBytes} bytes came back`);
  return { peakMiB: peakMiB(process.pid) };
}

function start(...words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [import.meta.filename, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function lineOf(child: ChildProcess): Promise<string> {
  if (child.stdout !== null) for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('it ended before it said anything');
}

/** proc(5): the high-water mark of the resident set. */
function peakMiB(pid: number): number {
  const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kib) / 1024);
}
