/** Trees of files as values: generated, written to disk, read back and compared. */
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';

/** What is at a path: the content of a file, the target of a link, or a folder. */
export type Leaf =
  | { readonly kind: 'file'; readonly content: string; readonly executable: boolean }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'folder' };

export type TestTree = ReadonlyMap<string, Leaf>;

const name = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('a', 'é', '-', '.'), minLength: 1, maxLength: 120 }),
  )
  .filter((text) => !/[/\0\ufffd]/.test(text) && !['.', '..', '.git', '.beluga', '.belugaignore'].includes(text) && text.isWellFormed())
  .filter((text) => Buffer.byteLength(text) <= 255);

const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('file' as const), content: fc.string({ maxLength: 2000 }), executable: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'folder' as const }) },
  { weight: 1, arbitrary: name.map((target) => ({ kind: 'link' as const, target })) },
);

/** Trees of up to 30 leaves; no path is a folder above another one and a file at once. */
export const trees: fc.Arbitrary<TestTree> = fc
  .array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), leaf), { maxLength: 30 })
  .map((pairs) => {
    const tree = new Map<string, Leaf>();
    for (const [steps, value] of pairs) {
      const path = steps.join('/');
      if (![...tree.keys()].some((other) => collides(path, other))) tree.set(path, value);
    }
    return tree;
  });

/** Writes a tree, in the order given. */
export function writeTree(folder: string, tree: Iterable<readonly [string, Leaf]>): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, value] of tree) {
    const place = `${folder}/${path}`;
    mkdirSync(dirname(place), { recursive: true });
    if (value.kind === 'folder') mkdirSync(place, { recursive: true });
    else if (value.kind === 'link') symlinkSync(value.target, place);
    else writeFile(place, value);
  }
}

/** Everything in a folder, a line each: kind, permission, path, and content or target. */
export function describeTree(folder: string, below = ''): readonly string[] {
  const lines = readdirSync(`${folder}/${below}`).flatMap((entry) => {
    const path = below === '' ? entry : `${below}/${entry}`;
    const stats = lstatSync(`${folder}/${path}`);
    const permission = (stats.mode & 0o777).toString(8);
    if (stats.isSymbolicLink()) return [`${path} -> ${readlinkSync(`${folder}/${path}`)}`];
    if (stats.isDirectory()) return [`${path}/ ${permission}`, ...describeTree(folder, path)];
    return [`${path} ${permission} ${JSON.stringify(readFileSync(`${folder}/${path}`, 'utf8'))}`];
  });
  return lines.toSorted();
}

function writeFile(place: string, value: Leaf & { kind: 'file' }): void {
  writeFileSync(place, value.content);
  if (value.executable) chmodSync(place, 0o777 & ~process.umask());
}

function collides(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}/`) || other.startsWith(`${path}/`);
}
