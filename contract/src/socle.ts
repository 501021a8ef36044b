/** Reads `socle.yaml`: a socle as code, or every problem of the file with its line, its column and what to do. */
import schema from '../socle.schema.json' with { type: 'json' };
import { type Finding, findingsAgainst, type JsonSchema, list } from './schema-findings.ts';
import type { SocleManifest } from './socle-schema.ts';
import { FileError, readYaml } from './yaml-file.ts';

/** Where the bytes of a base come from. */
export type SocleBase =
  | { readonly kind: 'image'; readonly image: string }
  | { readonly kind: 'machine' }
  | { readonly kind: 'containerfile'; readonly file: string };

/** A socle with every default filled in; paths are relative to the file. */
export type SocleSpec = {
  readonly name: string;
  readonly description: string | null;
  readonly base: SocleBase;
  readonly root: string | null;
  readonly env: Readonly<Record<string, string>>;
  readonly runtime: Readonly<Record<string, string>>;
};

/** Everything that is wrong with `socle.yaml`; the message is one line for each problem. */
export class SocleError extends FileError {}

/** The socle in the text of `file`; throws `SocleError` with all problems, never anything else. */
export function readSocle(text: string, file: string): SocleSpec {
  const read = readYaml(text, file, socleFindings);
  if ('problems' in read) throw new SocleError(read.problems);
  return specOf(read.value as SocleManifest);
}

function socleFindings(value: unknown): readonly Finding[] {
  const findings = findingsAgainst(schema as JsonSchema, value);
  if (findings.length > 0) return findings;
  const manifest = value as SocleManifest;
  const base = oneBase(manifest);
  return [...base, ...(base.length > 0 ? [] : runtimeIsDeclared(manifest)), ...rootStaysInside(manifest)];
}

const bases = ['image', 'machine', 'containerfile'] as const;

function oneBase({ base }: SocleManifest): readonly Finding[] {
  const given = bases.filter((key) => base[key] !== undefined);
  const remedy = `keep one of ${list([...bases], 'and')}`;
  if (given.length === 0) return [{ path: ['base'], at: 'key', problem: 'base names nothing to stand on', remedy }];
  return given.slice(1).map((key): Finding => {
    return { path: ['base', key], at: 'key', problem: `base.${key} and base.${given[0]} exclude each other`, remedy };
  });
}

/** Without it no application could ever be moved. */
function runtimeIsDeclared({ base, runtime = {} }: SocleManifest): readonly Finding[] {
  if (base.machine !== undefined || Object.keys(runtime).length > 0) return [];
  const remedy = 'say what applications rely on: runtime: { node: 26, libc: glibc-2.36 }';
  return [{ path: [], at: 'key', problem: 'runtime is missing', remedy }];
}

function rootStaysInside({ root }: SocleManifest): readonly Finding[] {
  if (root?.split('/').includes('..') !== true) return [];
  return [{ path: ['root'], at: 'value', problem: 'root leaves the folder of the socle', remedy: 'name a folder beside this file' }];
}

function specOf({ metadata, base, root, env = {}, runtime = {} }: SocleManifest): SocleSpec {
  const texts = (record: Readonly<Record<string, string | number | boolean>>) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]));
  return {
    name: metadata.name,
    description: metadata.description ?? null,
    base: baseOf(base),
    root: root ?? null,
    env: texts(env),
    runtime: texts(runtime),
  };
}

function baseOf({ image, containerfile }: SocleManifest['base']): SocleBase {
  if (image !== undefined) return { kind: 'image', image };
  return containerfile === undefined ? { kind: 'machine' } : { kind: 'containerfile', file: containerfile };
}
