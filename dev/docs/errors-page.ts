/** `docs/errors.md`, written from the catalogues. */
import { catalogue as cliCatalogue } from '../../cli/src/errors.ts';
import { catalogue as ociCatalogue } from '../../oci/src/errors.ts';
import { catalogue as serverCatalogue } from '../../server/src/errors.ts';

type Catalogue = Readonly<Record<string, { readonly sentence: string; readonly remedy: string; readonly retry: boolean }>>;

const parts: readonly { readonly title: string; readonly text: string; readonly catalogue: Catalogue }[] = [
  { title: 'From the server', text: 'In `code` of an RFC 9457 problem, and as the reason of a deployment.', catalogue: serverCatalogue },
  { title: 'From the command', text: 'On standard error; with `--output json` or `ndjson` as a problem.', catalogue: cliCatalogue },
  { title: 'From images and registries', text: 'When an image is built, pushed or pulled.', catalogue: ociCatalogue },
];

/** The page as it must stand in the checkout. */
export function errorsPage(): string {
  const head = [
    '# Errors',
    '',
    'Every refusal has a stable code, one sentence that says what is wrong and where, and a remedy. Words in braces are filled in. "Again" says',
    'whether the same request may succeed later without anything being changed.',
    '',
    'Written by `./dev/node dev/write-docs.ts` from the catalogues in the code; change it there.',
  ];
  return `${[...head, ...parts.flatMap(sectionOf)].join('\n')}\n`;
}

function sectionOf({ title, text, catalogue }: (typeof parts)[number]): readonly string[] {
  const codes = Object.keys(catalogue).toSorted();
  return [
    '',
    `## ${title}`,
    '',
    text,
    '',
    '| code | sentence | remedy | again |',
    '|---|---|---|---|',
    ...codes.map((code) => rowOf(code, catalogue)),
  ];
}

function rowOf(code: string, catalogue: Catalogue): string {
  const { sentence = '', remedy = '', retry = false } = catalogue[code] ?? {};
  return `| \`${code}\` | ${cell(sentence)} | ${cell(remedy)} | ${retry ? 'yes' : 'no'} |`;
}

/** A pipe ends a cell; angle brackets would be taken for HTML. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
