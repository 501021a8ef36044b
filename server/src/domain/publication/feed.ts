/** Publications as a feed: Atom 1.0 (RFC 4287), the newest first. */
import type { Publication } from './publication.ts';
import { html, htmlOf, titleOf } from './text.ts';
import { type Language, words } from './words.ts';

export type Feed = {
  /** What it is about: a component, a system, an environment. */
  readonly of: string;
  readonly language: Language;
  /** The address under which the feed is read. */
  readonly address: string;
  readonly publications: readonly Publication[];
  readonly now: string;
};

export function atomOf({ of, language, address, publications, now }: Feed): string {
  const entries = publications.map(
    (one) =>
      `<entry><id>urn:beluga:change:${html(one.change)}</id><title>${html(titleOf(one, language))}</title>` +
      `<updated>${html(one.installedAt)}</updated><category term="${html(one.system)}"/>` +
      `<content type="html">${html(htmlOf(one, language))}</content></entry>`,
  );
  const head =
    `<id>urn:beluga:feed:${html(of)}</id><title>${html(`${words[language].feed}: ${of}`)}</title>` +
    `<updated>${html(publications[0]?.installedAt ?? now)}</updated><author><name>Beluga</name></author><link rel="self" href="${html(address)}"/>`;
  return `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">${head}${entries.join('')}</feed>\n`;
}
