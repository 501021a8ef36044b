/**
 * A YAML text as a value whose every part can be found again by line and column.
 *
 * YAML 1.2 with merge keys (`<<`). What could make a reader suffer is refused: several documents, unknown tags, aliases that grow.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
} from 'yaml';
import { type Finding, type Path, written } from './schema-findings.ts';

/** A problem with its place in the text; lines and columns count from 1. */
export type SourceProblem = {
  readonly line: number;
  readonly column: number;
  readonly problem: string;
  readonly remedy: string;
  readonly path: string;
};

export type Source =
  | { readonly state: 'unreadable'; readonly problems: readonly SourceProblem[] }
  | { readonly state: 'read'; readonly value: unknown; readonly locate: (finding: Finding) => SourceProblem };

const largest = 262_144;

/** Reads a text; what is wrong with the YAML itself comes back as problems. */
export function openYaml(text: string): Source {
  const refused = refusedText(text);
  if (refused !== null) return { state: 'unreadable', problems: [refused] };
  try {
    return read(text);
  } catch (error) {
    return { state: 'unreadable', problems: [tooMuch(error)] };
  }
}

function refusedText(text: string): SourceProblem | null {
  if (text.length > largest) return problemAt(text, 0, 'the file is larger than 256 KiB', 'put files that large into the artifact');
  const odd = text.search(/[\0\uFFFD]/);
  if (odd >= 0) return problemAt(text, odd, 'the file is not UTF-8 text', 'save it as UTF-8');
  if (text.replace(/^\uFEFF/, '').trim() === '') {
    return problemAt(text, 0, 'the file is empty', 'begin with apiVersion: beluga/v1, or let `beluga init` write it');
  }
  return null;
}

function read(text: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) return { state: 'unreadable', problems: errors.map((error) => problemOf(text, error)) };
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    return { state: 'unreadable', problems: [problemAt(text, 0, 'the file holds only comments', 'begin with apiVersion: beluga/v1')] };
  }
  const dangling = danglingAlias(document);
  if (dangling !== null) {
    const problem = `the alias *${dangling.source} leads nowhere`;
    const refused = problemAt(
      text,
      startOf(dangling) ?? 0,
      problem,
      'name an anchor above it, or put quotes around a text that begins with *',
    );
    return { state: 'unreadable', problems: [refused] };
  }
  keepTextOfVariables(document);
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  return { state: 'read', value, locate: (finding) => locate(document, text, finding) };
}

/** The first alias without an anchor before it. */
function danglingAlias(document: Document.Parsed): Alias | null {
  const anchors = new Set<string>();
  let dangling: Alias | null = null;
  visit(document, {
    Value: (_, { anchor }) => void (anchor !== undefined && anchors.add(anchor)),
    Alias: (_, alias) => {
      if (anchors.has(alias.source)) return undefined;
      dangling = alias;
      return visit.BREAK;
    },
  });
  return dangling;
}

/** YAML reads `1.10` as the number 1.1; a variable is the text that was written. */
function keepTextOfVariables(document: Document.Parsed): void {
  const environments = document.get('environments', true);
  const overlays = isMap(environments) ? environments.items.map(({ value }) => value) : [];
  for (const holder of [document.get('config', true), ...overlays]) {
    const env = isMap(holder) ? holder.get('env', true) : undefined;
    for (const { value } of isMap(env) ? env.items : []) {
      if (isScalar(value) && (typeof value.value === 'number' || typeof value.value === 'boolean')) value.value = value.source;
    }
  }
}

function locate(document: Document.Parsed, text: string, finding: Finding): SourceProblem {
  const offset = offsetOf(document, finding.path, finding.at);
  return problemAt(text, offset, finding.problem, finding.remedy, finding.path.length === 0 ? '' : written(finding.path));
}

/** Where a path begins in the text; of a part that stands nowhere (a default, a merged key), where the nearest thing around it does. */
function offsetOf(document: Document.Parsed, path: Path, at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const { key, value } = child(document, node, step);
    if (key === undefined && value === undefined) return offset;
    const [first, second] = at === 'value' && index === path.length - 1 ? [value, key] : [key, value];
    offset = startOf(first) ?? startOf(second) ?? offset;
    node = value;
  }
  return offset;
}

function child(document: Document.Parsed, node: unknown, step: string | number): { readonly key?: unknown; readonly value?: unknown } {
  const parent = isAlias(node) ? node.resolve(document) : node;
  if (isMap(parent)) return parent.items.find(({ key }) => (isScalar(key) ? String(key.value) : String(key)) === String(step)) ?? {};
  return isSeq(parent) ? { value: parent.items[Number(step)] } : {};
}

/** Where a node begins; null when it stands nowhere (an empty value has a place but no extent). */
function startOf(node: unknown): number | null {
  const { range } = (node ?? {}) as Partial<Node>;
  return range === undefined || range === null || range[0] === range[1] ? null : range[0];
}

const sentences: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  DUPLICATE_KEY: ['the key stands twice', 'remove one of them'],
  MULTIPLE_DOCS: ['a second document begins', 'write one manifest a file and remove ---'],
  TAB_AS_INDENT: ['a tab indents the line', 'indent with spaces'],
  BAD_INDENT: ['the line is indented wrongly', 'align it with its neighbours, two spaces a level'],
  TAG_RESOLVE_FAILED: ['the tag is unknown', 'write the value without a tag'],
  BAD_ALIAS: ['the alias has no name', 'put quotes around a text that begins with *'],
  RESOURCE_EXHAUSTION: ['the file is nested too deep', 'write it flatter'],
};

function problemOf(text: string, { code, pos, message }: YAMLError): SourceProblem {
  const bracket = /end with a ([\]}])/.exec(message)?.[1];
  if (bracket !== undefined)
    return problemAt(text, pos[0], `a ${bracket} is missing before this`, 'close the bracket, or indent what stands in it');
  const [problem, remedy] = sentences[code] ?? [
    `this is not YAML: ${lowerFirst(message)}`,
    'mend the indentation or put quotes around the text',
  ];
  const key = code === 'DUPLICATE_KEY' ? /^[\w.-]+/.exec(text.slice(pos[0]))?.[0] : undefined;
  return problemAt(text, pos[0], key === undefined ? problem : `the key "${key}" stands twice`, remedy);
}

function lowerFirst(message: string): string {
  const line = message.split('\n')[0] ?? '';
  return (line.charAt(0).toLowerCase() + line.slice(1)).replace(/[.:]$/, '');
}

function tooMuch(error: unknown): SourceProblem {
  const grows = error instanceof ReferenceError;
  const problem = grows ? 'the aliases of the file lead nowhere or grow without end' : 'the file is nested too deep';
  return { line: 1, column: 1, problem, remedy: 'write it out without aliases and flatter', path: '' };
}

/** A problem at an offset of the text; an offset behind the end means the end. */
function problemAt(text: string, offset: number, problem: string, remedy: string, path = ''): SourceProblem {
  const before = text.slice(0, Math.min(offset, text.length)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, problem, remedy, path };
}
