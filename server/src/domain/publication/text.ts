/** A publication as sections of lines, and those as Markdown (CommonMark) or HTML; whatever people wrote is escaped in both. */
import type { ConfigurationChange } from '../changes/configuration.ts';
import type { Publication } from './publication.ts';
import { type Language, type Words, words } from './words.ts';

type Section = { readonly title: string; readonly lines: readonly string[] };

export function titleOf(publication: Publication, language: Language): string {
  return words[language].installed(publication.component, publication.version, publication.environment);
}

/** What follows the title: in place of which release, and when, on the wall clock. */
export function leadOf({ formerVersion, installedAt, timeZone }: Publication, say: Words): string {
  const local = Temporal.Instant.from(installedAt).toZonedDateTimeISO(timeZone);
  return `${formerVersion === null ? say.firstTime : say.inPlaceOf(formerVersion)}, ${say.on(local)}`;
}

export function sectionsOf(publication: Publication, language: Language): readonly Section[] {
  const say = words[language];
  const { topics, breaking, tickets, layers, configuration, vulnerabilities } = publication;
  const sections: readonly Section[] = [
    { title: say.breaking, lines: breaking.map(({ title, scope }) => scoped(scope, title)) },
    ...topics.map(({ topic, commits }) => ({
      title: say.topics[topic],
      lines: commits.map((one) => `${scoped(one.scope, one.title)} (${one.id.slice(0, 8)})`),
    })),
    { title: say.tickets, lines: tickets.length === 0 ? [] : [tickets.join(', ')] },
    {
      title: say.image,
      lines: layers.map(({ storey, added, removed }) =>
        `${say.storeys[storey]} : ${say.layers(added, removed)}`.replace(' :', language === 'fr' ? ' :' : ':'),
      ),
    },
    { title: say.configuration, lines: configuration.map((entry) => configurationLine(entry, say)) },
    {
      title: say.vulnerabilities,
      lines: [
        ...vulnerabilities.added.map(({ id, severity, package: name }) => `${id} (${severity}, ${name}) ${say.brings}`),
        ...vulnerabilities.removed.map(({ id, severity, package: name }) => `${id} (${severity}, ${name}) ${say.removes}`),
      ],
    },
  ];
  const full = sections.filter(({ lines }) => lines.length > 0);
  return full.length === 0 ? [{ title: '', lines: [say.nothing] }] : full;
}

function scoped(scope: string | null, title: string): string {
  return scope === null ? title : `${scope}: ${title}`;
}

function configurationLine({ name, origin, change, before, after }: ConfigurationChange, say: Words): string {
  const value = (text: string | null): string => (text === null ? say.absent : origin === 'setting' ? say.valueOf(text) : text);
  const values = before === null && after === null ? say.hidden : `${value(before)} → ${value(after)}`;
  return `${origin === 'setting' ? (say.settings[name] ?? name) : name} ${say.changed[change]} (${values})`;
}

/** `level` is that of its title: 1 on a page of its own. */
export function markdownOf(publication: Publication, language: Language, level: 1 | 2 = 1): string {
  const say = words[language];
  const marks = '#'.repeat(level);
  const lines = [`${marks} ${plain(titleOf(publication, language))}`, '', plain(leadOf(publication, say))];
  if (publication.direction === 'back') lines.push('', say.wentAway);
  for (const { title, lines: inner } of sectionsOf(publication, language)) {
    if (title !== '') lines.push('', `${marks}# ${title}`);
    lines.push('', ...inner.map((line) => `- ${plain(line)}`));
  }
  return `${lines.join('\n')}\n`;
}

/** A fragment: it stands in a page, a mail or a feed. */
export function htmlOf(publication: Publication, language: Language, level: 1 | 2 = 1): string {
  const inner = level + 1;
  const say = words[language];
  const sections = sectionsOf(publication, language).map(
    ({ title, lines }) =>
      `${title === '' ? '' : `<h${inner}>${html(title)}</h${inner}>`}<ul>${lines.map((line) => `<li>${html(line)}</li>`).join('')}</ul>`,
  );
  const back = publication.direction === 'back' ? `<p>${html(say.wentAway)}</p>` : '';
  return `<article lang="${language}"><h${level}>${html(titleOf(publication, language))}</h${level}><p>${html(leadOf(publication, say))}</p>${back}${sections.join('')}</article>`;
}

/** Text that neither Markdown nor HTML in it reads as a sign. */
export function plain(text: string): string {
  return oneLine(text).replace(/[\\`*_[\]<>#|~&!]/g, (sign) => `\\${sign}`);
}

export function html(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return oneLine(text).replace(/[&<>"']/g, (sign) => names[sign] ?? sign);
}

/** Control characters are allowed in neither, and a line break would end a list entry. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what must go
  return text.replace(/[\u0000-\u001F\u007F-\u009F\uFFFE\uFFFF]+/g, ' ').replace(/[\uD800-\uDFFF]/gu, '');
}
