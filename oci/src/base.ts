import { execFile } from 'node:child_process';
import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { LayerCache } from './cache.ts';
import { ancestors, type Entry, folderEntry, root, sortEntries, textEntry } from './entry.ts';
import { OciError, problemOf } from './errors.ts';
import { assemble, type Image } from './image.ts';
import type { Compression } from './layer.ts';
import type { Annotations } from './manifest.ts';
import { stampOf } from './tar.ts';
import { readTree } from './tree.ts';

export interface NodeBaseOptions {
  /** A folder where compressed layers are kept. */
  readonly cache: string;
  readonly compression?: Compression;
  readonly annotations?: Annotations;
  readonly created?: Date;
}

const run = promisify(execFile);
const accounts = 'root:x:0:0:root:/root:/sbin/nologin\napp:x:65532:65532:app:/app:/sbin/nologin\n';
const groups = 'root:x:0:\napp:x:65532:\n';
const nameService = 'passwd: files\ngroup: files\nhosts: files dns\n';
const certificates = '/etc/ssl/certs/ca-certificates.crt';
const zones = '/usr/share/zoneinfo';
/** What the C library loads by itself, without naming it in any header, to look up names. */
const loadedByName = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'];

/**
 * A vendor base made of this machine's Node: the program, the libraries its loader names, what looking up names needs, certificates and
 * time zones if there are any, the accounts `root` and `app` (65532), `/tmp`; no shell. Two layers, so that a new Node sends no libraries.
 *
 * Throws `program-missing`, and what `LayerCache.layer` throws.
 */
export async function assembleNodeBase(nodeBinary: string, options: NodeBaseOptions): Promise<Image> {
  const cache = new LayerCache(options.cache);
  const program = programFile(nodeBinary);
  const [libraries, version] = await Promise.all([librariesOf(program), versionOf(program)]);
  const node = [
    folderEntry('usr'),
    folderEntry('usr/local'),
    folderEntry('usr/local/bin'),
    diskEntry('usr/local/bin/node', program, 0o755),
  ];
  const request = { owner: root, compression: options.compression ?? 'gzip' } as const;
  const system = await cache.layer({ ...request, name: 'node-base system', entries: await systemEntries(libraries) });
  const layer = await cache.layer({ ...request, name: `node-base ${program}`, entries: node });
  return assemble({
    layers: [
      { layer: system, storey: 'vendor', from: 'system' },
      { layer, storey: 'vendor', from: 'node' },
    ],
    run: {
      user: '65532:65532',
      environment: { PATH: '/usr/local/bin:/usr/bin:/bin', NODE_VERSION: version },
      command: ['node'],
      folder: '/',
    },
    annotations: { 'org.opencontainers.image.title': 'node', 'org.opencontainers.image.version': version, ...options.annotations },
    ...(options.created === undefined ? {} : { created: options.created }),
  });
}

function programFile(program: string): string {
  try {
    return realpathSync(program);
  } catch (error) {
    throw new OciError('program-missing', { program, problem: problemOf(error) }, { cause: error });
  }
}

async function versionOf(program: string): Promise<string> {
  return (await ask(program, [program, ['--version']])).trim().replace(/^v/, '');
}

/** The absolute paths of libraries and of the loader itself, as the program asks for them. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const output = await ask(program, ['ldd', [program]]);
  const named = [...output.matchAll(/(?:=>\s+|^\s+)(\/\S+)\s+\(0x/gm)].map((match) => match[1] ?? '');
  const libc = named.find((path) => path.includes('/libc.so'));
  const besides = libc === undefined ? [] : loadedByName.map((name) => `${dirname(libc)}/${name}`).filter((path) => existsSync(path));
  return [...new Set([...named, ...besides])];
}

async function ask(program: string, [command, words]: readonly [string, readonly string[]]): Promise<string> {
  try {
    return (await run(command, [...words], { env: { PATH: process.env['PATH'], LC_ALL: 'C' } })).stdout;
  } catch (error) {
    throw new OciError('program-missing', { program, problem: problemOf(error) }, { cause: error });
  }
}

async function systemEntries(libraries: readonly string[]): Promise<readonly Entry[]> {
  const found = [...libraries, ...(existsSync(certificates) ? [certificates] : [])];
  const files = found.map((path) => diskEntry(path.slice(1), realpathSync(path), path.includes('/ld-') ? 0o755 : 0o644));
  const own = [textEntry('etc/passwd', accounts), textEntry('etc/group', groups), textEntry('etc/nsswitch.conf', nameService)];
  const folders = [folderEntry('tmp', 0o1777), folderEntry('root', 0o700), folderEntry('app')];
  return withFolders([...files, ...own, ...folders, ...(await zoneEntries())]);
}

/** The time zones; aliases that are links to outside, as `localtime` is, stay out. */
async function zoneEntries(): Promise<readonly Entry[]> {
  if (!existsSync(zones)) return [];
  const entries = await readTree(zones, { outside: 'skip' });
  return entries.map((entry) => ({ ...entry, path: `${zones.slice(1)}/${entry.path}` }));
}

function diskEntry(path: string, file: string, mode: number): Entry {
  const stats = lstatSync(file);
  return { kind: 'file', path, mode, sizeBytes: stats.size, source: { kind: 'disk', file, stamp: stampOf(stats) } };
}

function withFolders(entries: readonly Entry[]): readonly Entry[] {
  const known = new Set(entries.map((entry) => entry.path));
  const missing = new Set(entries.flatMap((entry) => ancestors(entry.path)).filter((path) => !known.has(path)));
  return sortEntries([...entries, ...[...missing].map((path) => folderEntry(path))]);
}
