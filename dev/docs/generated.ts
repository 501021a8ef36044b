/** What is written into the docs from the code: whole pages, and parts of pages between two marks. */
import { errorsPage } from './errors-page.ts';
import { importTable } from './import-table.ts';
import { manifestReference, platformReference, socleReference } from './manifest-reference.ts';

type Generated =
  | { readonly kind: 'page'; readonly file: string; readonly text: () => string }
  | { readonly kind: 'part'; readonly file: string; readonly mark: string; readonly text: () => string };

export const generated: readonly Generated[] = [
  { kind: 'page', file: 'docs/errors.md', text: errorsPage },
  { kind: 'part', file: 'ARCHITECTURE.md', mark: 'import table', text: importTable },
  { kind: 'part', file: 'docs/guide/beluga-yaml.md', mark: 'reference', text: manifestReference },
  { kind: 'part', file: 'docs/guide/platform-yaml.md', mark: 'reference', text: platformReference },
  { kind: 'part', file: 'docs/guide/socles.md', mark: 'reference', text: socleReference },
];

/** The file as it must be, given what it is now; throws where the marks of a part are missing. */
export function wanted(one: Generated, now: string): string {
  if (one.kind === 'page') return one.text();
  const [begin, end] = [`<!-- written by dev/write-docs.ts: ${one.mark} -->`, `<!-- end: ${one.mark} -->`];
  const [from, to] = [now.indexOf(begin), now.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${one.file} lacks the marks "${begin}" and "${end}": put them back around the part.`);
  return `${now.slice(0, from + begin.length)}\n${one.text()}\n${now.slice(to)}`;
}
