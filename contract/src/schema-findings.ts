/**
 * Compares a value with a JSON Schema and says what is wrong in sentences for people.
 *
 * A small part of JSON Schema 2020-12, the one `beluga.schema.json` uses: it loads in no time, which a command that runs in every
 * CI job needs, and it knows more about names than a general validator does.
 */
import { nearest } from './nearest.ts';

export type Path = readonly (string | number)[];
/** Something wrong at a place of a value. `at` says whether the key or what stands under it is meant. */
export type Finding = {
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly problem: string;
  readonly remedy: string;
  /** The schema knows no such key there. */
  readonly unknown?: true;
};

export type JsonSchema = {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly uniqueItems?: boolean;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly patternErrorMessage?: string;
  readonly description?: string;
  readonly default?: unknown;
};

/** Every way in which `value` does not fit `schema`, in the order of the value. */
export function findingsAgainst(schema: JsonSchema, value: unknown, path: Path = []): readonly Finding[] {
  if (schema.anyOf !== undefined) return againstAlternatives(schema.anyOf, value, path);
  const words = wordsOf(schema);
  if (words !== null) return againstWords(words, value, path);
  if (schema.type === undefined) return [];
  return isOf(schema, value) ? (checks[schema.type]?.(schema, value, path) ?? []) : [wrongKind([schema], value, path)];
}

const checks: Readonly<Record<string, (schema: JsonSchema, value: unknown, path: Path) => readonly Finding[]>> = {
  object: (schema, value, path) => againstObject(schema, value as Readonly<Record<string, unknown>>, path),
  array: (schema, value, path) => againstArray(schema, value as readonly unknown[], path),
  string: (schema, value, path) => againstText(schema, value as string, path),
  integer: (schema, value, path) => againstNumber(schema, value as number, path),
  number: (schema, value, path) => againstNumber(schema, value as number, path),
};

function isOf({ type }: JsonSchema, value: unknown): boolean {
  const kind = kindOf(value);
  return type === kind || (type === 'number' && kind === 'integer');
}

/** The words that alone may stand there; null when it may be anything of its type. */
function wordsOf(schema: JsonSchema | undefined): readonly unknown[] | null {
  if (schema?.const !== undefined) return [schema.const];
  return schema?.enum ?? null;
}

/** A path as people write it: `run.check.path`, `config.files[1]`; `the file` for the whole. */
export function written(path: Path): string {
  if (path.length === 0) return 'the file';
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const name = /^[\w.-]+$/.test(step) ? step : JSON.stringify(step);
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

function againstAlternatives(alternatives: readonly JsonSchema[], value: unknown, path: Path): readonly Finding[] {
  const fitting = alternatives.find((alternative) => isOf(alternative, value) || wordsOf(alternative)?.includes(value) === true);
  return fitting === undefined ? [wrongKind(alternatives, value, path)] : findingsAgainst(fitting, value, path);
}

function againstWords(words: readonly unknown[], value: unknown, path: Path): readonly Finding[] {
  if (words.includes(value)) return [];
  const near = typeof value === 'string' ? nearest(value, words.map(String)) : null;
  const remedy = near === null ? `use ${list(words.map(String), 'or')}` : `did you mean ${near}?`;
  return [{ path, at: 'value', problem: `${written(path)} is ${shown(value)}`, remedy }];
}

function againstObject(schema: JsonSchema, value: Readonly<Record<string, unknown>>, path: Path): readonly Finding[] {
  const known = schema.properties ?? {};
  const missing = (schema.required ?? [])
    .filter((key) => !Object.hasOwn(value, key))
    .map(
      (key): Finding => ({
        path,
        at: 'key',
        problem: `${written([...path, key])} is missing`,
        remedy: `add "${key}" with ${hint(known[key])}`,
      }),
    );
  const inner = Object.entries(value).flatMap(([key, item]) => {
    const named = Object.hasOwn(known, key) ? known[key] : undefined;
    return named === undefined ? againstKey(schema, key, item, path) : findingsAgainst(named, item, [...path, key]);
  });
  return [...missing, ...inner];
}

function againstKey(schema: JsonSchema, key: string, item: unknown, path: Path): readonly Finding[] {
  const patterns = Object.entries(schema.patternProperties ?? {});
  const fitting = patterns.find(([pattern]) => new RegExp(pattern).test(key));
  if (fitting !== undefined) return findingsAgainst(fitting[1], item, [...path, key]);
  const where = path.length === 0 ? 'at the top' : `in ${written(path)}`;
  return [
    {
      path: [...path, key],
      at: 'key',
      problem: `unknown key ${JSON.stringify(key)} ${where}`,
      remedy: remedyForKey(schema, key),
      unknown: true,
    },
  ];
}

function remedyForKey(schema: JsonSchema, key: string): string {
  const names = Object.keys(schema.properties ?? {});
  const near = nearest(key, names);
  if (near !== null) return `did you mean "${near}"?`;
  return names.length > 0 ? `use ${list(names, 'or')}` : (schema.patternErrorMessage ?? 'choose another name');
}

function againstArray(schema: JsonSchema, value: readonly unknown[], path: Path): readonly Finding[] {
  const short: readonly Finding[] =
    value.length < (schema.minItems ?? 0)
      ? [{ path, at: 'value', problem: `${written(path)} is empty`, remedy: 'write at least one item or remove the key' }]
      : [];
  const items = value.flatMap((item, index) => {
    const findings = schema.items === undefined ? [] : findingsAgainst(schema.items, item, [...path, index]);
    const twice = schema.uniqueItems === true && value.indexOf(item) !== index;
    return twice ? [...findings, repeated([...path, index], shown(item))] : findings;
  });
  return [...short, ...items];
}

/** The finding for something that may stand only once. */
export function repeated(path: Path, what: string): Finding {
  return { path, at: 'value', problem: `${what} stands twice in ${written(path.slice(0, -1))}`, remedy: 'remove one of them' };
}

function againstText(schema: JsonSchema, value: string, path: Path): readonly Finding[] {
  if (value.length < (schema.minLength ?? 0)) {
    return [{ path, at: 'value', problem: `${written(path)} is empty`, remedy: 'write a text or remove the key' }];
  }
  if (schema.pattern === undefined || new RegExp(schema.pattern).test(value)) return [];
  return [
    {
      path,
      at: 'value',
      problem: `${written(path)} is ${shown(value)}`,
      remedy: schema.patternErrorMessage ?? `it must fit ${schema.pattern}`,
    },
  ];
}

function againstNumber(schema: JsonSchema, value: number, path: Path): readonly Finding[] {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  if (value >= minimum && value <= maximum) return [];
  return [{ path, at: 'value', problem: `${written(path)} is ${value}`, remedy: `choose ${hint(schema)}` }];
}

function wrongKind(wanted: readonly JsonSchema[], value: unknown, path: Path): Finding {
  const problem = value === null ? `${written(path)} is empty` : `${written(path)} is ${described(value)}`;
  return { path, at: 'value', problem, remedy: remedyForKind(wanted, value) };
}

function remedyForKind(wanted: readonly JsonSchema[], value: unknown): string {
  const [first] = wanted;
  if (wanted.length > 1 || first?.type !== 'string') return `write ${list([...new Set(wanted.map(hint))], 'or')}`;
  if (first.patternErrorMessage !== undefined) return first.patternErrorMessage;
  return typeof value === 'number' || typeof value === 'boolean' ? `write it as a text: "${value}"` : 'write a text';
}

const kinds: Readonly<Record<string, string>> = {
  object: 'keys and values',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'nothing',
  'not-a-number': 'no number',
};

/** What may stand there, in a few words. */
function hint(schema: JsonSchema | undefined): string {
  const words = wordsOf(schema);
  if (words !== null) return list(words.map(String), 'or');
  const { minimum, maximum, type = 'string' } = schema ?? {};
  const range = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : '';
  return `${kinds[type] ?? 'a value'}${range}`;
}

function described(value: unknown): string {
  const kind = kindOf(value);
  return kind === 'object' || kind === 'array' ? (kinds[kind] ?? kind) : `${shown(value)}, ${kinds[kind] ?? kind}`;
}

/** A value as it may be quoted in a sentence: one line, at most 60 characters. */
function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : Number.isFinite(value) ? 'number' : 'not-a-number';
  return typeof value;
}

/** `a, b or c`. */
export function list(words: readonly string[], last: 'and' | 'or'): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
