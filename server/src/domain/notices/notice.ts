/** A notice: what people are told about an installation, in a title, some facts and some lines; each channel writes it its own way. */
import type { Change } from '../changes/change.ts';
import { publicationOf } from '../publication/publication.ts';
import { sectionsOf } from '../publication/text.ts';
import type { Language } from '../publication/words.ts';

export type Notice = {
  /** Of the delivery: a channel that is told twice can know it. */
  readonly id: string;
  readonly kind: 'started' | 'ended' | 'failed';
  readonly tone: 'running' | 'good' | 'bad';
  readonly language: Language;
  readonly title: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly sections: readonly { readonly title: string; readonly lines: readonly string[] }[];
  /** What it speaks of, the newest state of each. */
  readonly changes: readonly Change[];
};

const mostLines = 15;

const say = {
  fr: {
    started: (what: string) => `Mise en production commencée : ${what}`,
    ended: (what: string) => `Mise en production réussie : ${what}`,
    failed: (what: string) => `Mise en production non réussie : ${what}`,
    together: (count: number, system: string) => `${count} mises en production non réussies dans ${system}, pour la même cause`,
    serves: 'La version précédente sert toujours.',
    cause: 'Cause',
    names: {
      former: 'Version précédente',
      kind: 'Changement',
      risk: 'Risque',
      by: 'Demandé par',
      ledger: 'Relevé',
      environment: 'Environnement',
    },
    ledger: (sent: number, failed: number) => `${sent} requêtes, ${failed} en échec`,
    none: 'aucune',
    more: (count: number) => `et ${count} de plus`,
  },
  en: {
    started: (what: string) => `Installation started: ${what}`,
    ended: (what: string) => `Installation succeeded: ${what}`,
    failed: (what: string) => `Installation did not succeed: ${what}`,
    together: (count: number, system: string) => `${count} installations in ${system} did not succeed, for the same cause`,
    serves: 'The former release still serves.',
    cause: 'Cause',
    names: { former: 'Former release', kind: 'Change', risk: 'Risk', by: 'Asked for by', ledger: 'Ledger', environment: 'Environment' },
    ledger: (sent: number, failed: number) => `${sent} requests, ${failed} failed`,
    none: 'none',
    more: (count: number) => `and ${count} more`,
  },
} as const;

/** Throws when there is nothing to speak of. */
export function noticeOf(id: string, kind: Notice['kind'], changes: readonly Change[], language: Language): Notice {
  const [first] = changes;
  if (first === undefined) throw new Error('a notice speaks of a change');
  const words = say[language];
  const common = { id, kind, language, changes };
  if (kind === 'failed') {
    const what = changes.map((change) => nameOf(change));
    const title = changes.length === 1 ? words.failed(what[0] ?? '') : words.together(changes.length, first.facts.system);
    const cause = { title: words.cause, lines: [first.note ?? words.none] };
    const lines = changes.every(({ closure }) => closure !== 'unsuccessful') ? [...what, words.serves] : what;
    return {
      ...common,
      tone: 'bad',
      title,
      facts: factsOf(first, language),
      sections: [{ title: '', lines: cut(lines, language) }, cause],
    };
  }
  const publication = publicationOf(first, 'UTC');
  const sections = publication === null ? [] : sectionsOf(publication, language);
  return {
    ...{ ...common, tone: kind === 'started' ? 'running' : 'good', title: words[kind](nameOf(first)), facts: factsOf(first, language) },
    sections: sections.map((section) => ({ ...section, lines: cut(section.lines, language) })),
  };
}

function nameOf({ facts }: Change): string {
  return `${facts.component} ${facts.version} (${facts.environment})`;
}

function factsOf({ id, facts, kind, ledger }: Change, language: Language): Notice['facts'] {
  const { names, none, ledger: counted } = say[language];
  return [
    { name: names.environment, value: facts.environment },
    { name: names.former, value: facts.formerVersion ?? none },
    { name: names.kind, value: `${id} (${kind})` },
    { name: names.risk, value: facts.risk.level },
    { name: names.by, value: facts.requestedBy },
    ...(ledger === null ? [] : [{ name: names.ledger, value: counted(ledger.sent, ledger.failed) }]),
  ];
}

function cut(lines: readonly string[], language: Language): readonly string[] {
  return lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), say[language].more(lines.length - mostLines)];
}

/** As plain text, for a mail or a terminal. */
export function textOf({ title, facts, sections }: Notice): string {
  const told = sections.flatMap(({ title: heading, lines }) => [
    '',
    ...(heading === '' ? [] : [heading]),
    ...lines.map((line) => `- ${line}`),
  ]);
  return [title, '', ...facts.map(({ name, value }) => `${name}: ${value}`), ...told, ''].join('\n');
}
