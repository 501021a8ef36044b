/** Every TypeScript file of the checkout, parsed: what it imports and what it calls, for the architecture test to judge. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';

export const checkout = fileURLToPath(new URL('../..', import.meta.url));

export type Import = {
  /** As written. */
  readonly specifier: string;
  /** The file of ours it names, from the checkout's root; null for a package or a module of Node. */
  readonly file: string | null;
  readonly typeOnly: boolean;
  readonly line: number;
};
/** A use of the clock: `Date.now`, `new Date()`, `Temporal.Now`, `performance.now`. */
export type ClockUse = { readonly what: string; readonly line: number };
export type Source = {
  readonly file: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly clock: readonly ClockUse[];
  readonly reexports: number;
  readonly statements: number;
};

type Node = { readonly type: string; readonly start: number } & Readonly<Record<string, unknown>>;

const folders = ['contract', 'oci', 'server', 'cli', 'web', 'dev', 'bench'];

/** All sources, tests too; throws on a file that cannot be parsed. */
export function readSources(): readonly Source[] {
  const files = globSync(
    folders.map((folder) => `${folder}/**/*.{ts,tsx}`),
    { cwd: checkout },
  );
  return files
    .filter((file) => !file.includes('node_modules/'))
    .map((file) => readSource(file, readFileSync(join(checkout, file), 'utf8')));
}

/** What one file imports and calls. */
export function readSource(file: string, text: string): Source {
  const { program, errors } = parseSync(file, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file} cannot be parsed: ${error.message}`);
  const imports: Import[] = [];
  const clock: ClockUse[] = [];
  walk(program as unknown as Node, (node) => {
    const line = lineAt(text, node.start);
    const found = importOf(node);
    if (found !== null) imports.push({ ...found, file: fileOf(found.specifier, file), line });
    const what = clockUseOf(node);
    if (what !== null) clock.push({ what, line });
  });
  const body = program.body as unknown as readonly Node[];
  const reexports = body.filter((node) => node['source'] !== null && node['source'] !== undefined && node.type.startsWith('Export')).length;
  return { file, lines: text.split('\n').length, imports, clock, reexports, statements: body.length };
}

function walk(node: Node, visit: (node: Node) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    for (const inner of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(inner)) walk(inner, visit);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

function importOf(node: Node): { specifier: string; typeOnly: boolean } | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node['source'] === null ? null : { specifier: textOf(node['source']), typeOnly: isTypeOnly(node) };
    case 'ImportExpression':
      return { specifier: textOf(node['source']), typeOnly: false };
    case 'TSImportType':
      return { specifier: textOf(node['source']), typeOnly: true };
    default:
      return null;
  }
}

function isTypeOnly(node: Node): boolean {
  return node['importKind'] === 'type' || node['exportKind'] === 'type';
}

/** The value of a literal; an import that is computed has none and is judged as `(computed)`. */
function textOf(node: unknown): string {
  const value = isNode(node) ? node['value'] : undefined;
  return typeof value === 'string' ? value : '(computed)';
}

function fileOf(specifier: string, from: string): string | null {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier));
  const ours = /^@beluga\/([a-z]+)(?:\/(.+))?$/.exec(specifier);
  return ours === null ? null : `${ours[1]}/src/${ours[2] ?? 'index'}.ts`;
}

function clockUseOf(node: Node): string | null {
  if (node.type === 'MemberExpression') {
    const name = `${nameOf(node['object'])}.${nameOf(node['property'])}`;
    return ['Date.now', 'Temporal.Now', 'performance.now', 'process.hrtime'].includes(name) ? name : null;
  }
  const isBareDate = node.type === 'NewExpression' && nameOf(node['callee']) === 'Date' && (node['arguments'] as unknown[]).length === 0;
  return isBareDate ? 'new Date()' : null;
}

function nameOf(node: unknown): string {
  return isNode(node) && typeof node['name'] === 'string' ? node['name'] : '';
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
