/** What was installed of a system or by a train, on one page: a list to be looked over, then each installation. */
import type { Publication } from './publication.ts';
import { html, htmlOf, leadOf, markdownOf, plain } from './text.ts';
import { type Language, words } from './words.ts';

export type PublicationPage = {
  readonly kind: 'system' | 'train';
  /** The name of the system or the train. */
  readonly of: string;
  /** The newest first. */
  readonly publications: readonly Publication[];
};

export function titleOfPage({ kind, of }: PublicationPage, language: Language): string {
  return kind === 'system' ? words[language].ofSystem(of) : words[language].ofTrain(of);
}

export function markdownOfPage(page: PublicationPage, language: Language): string {
  const { publications } = page;
  const head = [`# ${plain(titleOfPage(page, language))}`, '', words[language].count(publications.length)];
  const overview = publications.length === 0 ? [] : ['', ...publications.map((one) => `- ${plain(lineOf(one, language))}`)];
  return [...head, ...overview, '', ...publications.map((one) => markdownOf(one, language, 2))].join('\n');
}

/** A fragment, as that of one publication. */
export function htmlOfPage(page: PublicationPage, language: Language): string {
  const { publications } = page;
  const lines = publications.map((one) => `<li>${html(lineOf(one, language))}</li>`).join('');
  const overview = publications.length === 0 ? '' : `<ul>${lines}</ul>`;
  const count = `<p>${html(words[language].count(publications.length))}</p>`;
  const each = publications.map((one) => htmlOf(one, language, 2)).join('');
  return `<section lang="${language}"><h1>${html(titleOfPage(page, language))}</h1>${count}${overview}${each}</section>`;
}

function lineOf(publication: Publication, language: Language): string {
  return `${publication.component} ${publication.version}, ${leadOf(publication, words[language])}`;
}
