/** `beluga init`: writes a beluga.yaml for this folder. */
import { access, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { CliError } from '../errors.ts';

type Options = { readonly system?: string; readonly port: string };
type Package = { readonly name?: string; readonly main?: string; readonly scripts?: Readonly<Record<string, string>> };

export function define(command: Command): void {
  command
    .argument('[folder]', 'the folder of the component', '.')
    .option('--system <name>', 'the application system it belongs to')
    .option('--port <number>', 'the port it listens on', '8080');
  whenCalled<Options>(command, async (io, options, [given = '.']) => {
    const folder = resolve(given);
    const file = join(folder, 'beluga.yaml');
    const known = await readPackage(folder);
    const name = nameOf(known?.name ?? basename(folder));
    await writeNew(file, textOf(name, options, commandOf(known)));
    io.show({ file, component: name }, () => `${file} is written. Read it, then run: beluga ship ${given}`);
    return 0;
  });
}

async function readPackage(folder: string): Promise<Package | null> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Package;
  } catch {
    return null;
  }
}

/** A DNS label from whatever the folder or package is called. */
function nameOf(text: string): string {
  const label = text
    .replace(/^@[^/]+\//, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return label.replace(/^[^a-z]+|-+$/g, '').slice(0, 40) || 'component';
}

function commandOf(known: Package | null): string {
  const start = known?.scripts?.['start'];
  if (start !== undefined && /^[\w./ -]+$/.test(start)) return `[${start.split(' ').join(', ')}]`;
  return `[node, ${known?.main ?? 'server.js'}]`;
}

function textOf(name: string, { system, port }: Options, command: string): string {
  return [
    'apiVersion: beluga/v1',
    'kind: Service',
    `metadata: { name: ${name}, system: ${system ?? name} }`,
    'run:',
    `  command: ${command}`,
    `  port: ${port}`,
    '  # health: { path: /healthz }   # without it, a TCP connection must open',
    '  replicas: 2',
    '',
  ].join('\n');
}

async function writeNew(file: string, text: string): Promise<void> {
  if (
    await access(file).then(
      () => true,
      () => false,
    )
  )
    throw new CliError('manifest-exists', { file });
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    throw new CliError('file-unreadable', { file, problem: (error as NodeJS.ErrnoException).code ?? String(error) });
  }
}
