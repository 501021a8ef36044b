/** `beluga init`: writes a beluga.yaml for this folder. */
import { access, readFile, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ManifestError, readManifest } from '@beluga/contract/manifest';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { CliError } from '../errors.ts';

type Options = { readonly system?: string; readonly port: string };
type Package = {
  readonly name?: string;
  readonly main?: string;
  readonly description?: string;
  readonly scripts?: Readonly<Record<string, string>>;
};

export function define(command: Command): void {
  command
    .argument('[folder]', 'the folder of the component', '.')
    .option('--system <name>', 'the application system it belongs to; default: its own name')
    .option('--port <number>', 'the port it listens on', '8080');
  whenCalled<Options>(command, async (io, options, [given = '.']) => {
    const folder = resolve(given);
    const file = join(folder, 'beluga.yaml');
    const known = await readPackage(folder);
    const name = nameOf(known?.name ?? basename(folder));
    const text = textOf(name, options, known?.description ?? '', await commandOf(folder, known));
    check(text, file);
    await writeNew(file, text);
    io.show({ file, component: name }, () => `${file} is written. Read it, commit it, then run: beluga ship ${given}`);
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
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 40);
  return label.replace(/-+$/, '') || 'component';
}

/** The program that `npm start` runs, called directly so that it hears when it is told to stop. */
async function commandOf(folder: string, known: Package | null): Promise<readonly string[]> {
  const [program = '', ...words] = (known?.scripts?.['start'] ?? '').split(/\s+/);
  if (program === 'node') return [program, ...words];
  const local = join('node_modules', '.bin', program);
  if (program !== '' && (await isThere(join(folder, local)))) return ['node', local, ...words];
  return ['node', known?.main ?? 'server.js'];
}

function textOf(name: string, { system, port }: Options, description: string, command: readonly string[]): string {
  return [
    'apiVersion: beluga/v1',
    'kind: Service',
    'metadata:',
    `  name: ${name}`,
    `  system: ${system ?? name}`,
    ...(description === '' ? [] : [`  description: ${JSON.stringify(description)}`]),
    'run:',
    `  command: [${command.map((word) => (/^[\w./-]*[A-Za-z./][\w./-]*$/.test(word) && !word.startsWith('-') ? word : JSON.stringify(word))).join(', ')}]`,
    `  port: ${port}`,
    '  # health: { path: /healthz }   # without it, a TCP connection must open',
    '  replicas: 2',
    '',
  ].join('\n');
}

/** What is written can be shipped; what was asked for and cannot is refused before. */
function check(text: string, file: string): void {
  try {
    readManifest(text, file);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const [first] = error.problems;
    throw new CliError('usage', {
      problem: `${first?.path ?? 'It'}: ${first?.problem ?? 'wrong'}; ${first?.remedy ?? ''}`,
      command: 'init ',
    });
  }
}

async function writeNew(file: string, text: string): Promise<void> {
  if (await isThere(file)) throw new CliError('manifest-exists', { file });
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    throw new CliError('file-unwritable', { file, problem: (error as NodeJS.ErrnoException).code ?? String(error) });
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
