import { Readable } from 'node:stream';
import type { PublicationPageView, PublicationView } from '@beluga/contract';
import { findPublication, listPublications, publishSystem, publishTrain } from '../actions/publish.ts';
import { atomOf } from '../domain/publication/feed.ts';
import { htmlOfPage, markdownOfPage, type PublicationPage, titleOfPage } from '../domain/publication/page.ts';
import type { Publication } from '../domain/publication/publication.ts';
import { htmlOf, markdownOf, titleOf } from '../domain/publication/text.ts';
import type { Language } from '../domain/publication/words.ts';
import { stamp } from '../domain/stamp.ts';
import type { Router } from './route.ts';

export function publicationRoutes(route: Router): void {
  route.serve('listPublications', {
    act: async ({ context, input: { language = 'fr', limit = 20, ...filter } }) => ({
      language,
      found: await listPublications(context, { ...filter, limit }),
    }),
    present: ({ language, found }) => ({ items: found.map((one) => presentPublication(one, language)) }),
  });
  route.serve('showPublication', {
    act: async ({ context, input }) => ({ language: input.language ?? 'fr', found: await findPublication(context, input.id) }),
    present: ({ language, found }) => presentPublication(found, language),
  });
  route.serve('showSystemPublication', {
    act: async ({ context, input: { language = 'fr', days = 30, system } }) => ({
      language,
      page: await publishSystem(context, system, days),
    }),
    present: presentPage,
  });
  route.serve('showTrainPublication', {
    act: async ({ context, input: { language = 'fr', train } }) => ({ language, page: await publishTrain(context, train) }),
    present: presentPage,
  });
  route.stream('publicationFeed', {
    contentType: 'application/atom+xml; charset=utf-8',
    open: async ({ context, input: { language = 'fr', limit = 20, ...filter }, request }) => {
      const publications = await listPublications(context, { ...filter, limit });
      const of = filter.component ?? filter.train ?? filter.system ?? filter.environment ?? 'production';
      const address = `${request.protocol}://${request.host}${request.url}`;
      return Readable.from([atomOf({ of, language, address, publications, now: stamp(context.now()) })]);
    },
  });
}

function presentPublication(publication: Publication, language: Language): PublicationView {
  const { change, component, system, environment, version, formerVersion, installedAt } = publication;
  return {
    ...{ change, component, system, environment, version, formerVersion, installedAt, title: titleOf(publication, language) },
    ...{ markdown: markdownOf(publication, language), html: htmlOf(publication, language) },
  };
}

function presentPage({ page, language }: { readonly page: PublicationPage; readonly language: Language }): PublicationPageView {
  const items = page.publications.map((one) => presentPublication(one, language));
  return {
    of: page.of,
    title: titleOfPage(page, language),
    markdown: markdownOfPage(page, language),
    html: htmlOfPage(page, language),
    items,
  };
}
