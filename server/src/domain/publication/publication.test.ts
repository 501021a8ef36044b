import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readCommit } from '../changes/conventional-commit.ts';
import { changeOf } from '../changes/for-tests.ts';
import { noticeOf, textOf } from '../notices/notice.ts';
import { atomOf } from './feed.ts';
import { type Publication, publicationOf } from './publication.ts';
import { htmlOf, markdownOf } from './text.ts';

const commit = (subject: string, body: string | null = null) =>
  readCommit({ id: 'c0ffee1234567890', subject, body, author: 'Léa', at: '2027-03-01T08:00:00.000Z' });
const delta = {
  direction: 'forward' as const,
  commits: [commit('feat(devis)!: a quote in one page, CTR-12'), commit('fix: no more double click'), commit('Tidy up')],
  tickets: ['CTR-12'],
  layers: [{ storey: 'application' as const, added: 1, removed: 1, addedBytes: 10 }],
  configuration: [
    { name: 'COLOUR', origin: 'variable' as const, change: 'changed' as const, before: 'blue', after: 'red' },
    { name: 'DB_PASSWORD', origin: 'variable' as const, change: 'changed' as const, before: null, after: null },
    { name: 'replicas', origin: 'setting' as const, change: 'changed' as const, before: '2 to 2', after: '2 to 4' },
  ],
  vulnerabilities: { scanned: true, added: [], removed: [{ id: 'CVE-2027-1', severity: 'high' as const, package: 'zlib' }] },
};
const closed = changeOf({ state: 'closed', closure: 'successful', closedAt: '2027-03-02T09:00:00.000Z', facts: { delta } });
const published = (): Publication => publicationOf(closed, 'Europe/Paris') ?? assert.fail('nothing was published');

describe('a publication', () => {
  it('says in French what changed, by itself', () => {
    assert.equal(
      markdownOf(published(), 'fr'),
      `# web 2.0.0 est en prod

à la place de 1.0.0, le 2 mars 2027 à 10:00

## Ruptures

- devis: a quote in one page, CTR-12

## Nouveautés

- devis: a quote in one page, CTR-12 (c0ffee12)

## Corrections

- no more double click (c0ffee12)

## Autres changements

- Tidy up (c0ffee12)

## Tickets

- CTR-12

## Image

- application : 1 couche nouvelle, 1 retirée

## Configuration

- COLOUR modifié (blue → red)
- DB\\_PASSWORD modifié (valeur non montrée)
- exemplaires modifié (2 à 2 → 2 à 4)

## Vulnérabilités

- CVE-2027-1 (high, zlib) corrigée
`,
    );
  });
  it('says the same in English', () => {
    assert.match(markdownOf(published(), 'en'), /^# web 2.0.0 is in prod\n\nin place of 1.0.0.*## Breaking changes.*## New.*## Fixed/s);
  });
  it('is not made of what did not succeed', () => {
    assert.equal(publicationOf(changeOf({ state: 'closed', closure: 'backed-out', closedAt: '2027-03-02T09:00:00.000Z' }), 'UTC'), null);
    assert.equal(publicationOf(changeOf(), 'UTC'), null);
  });
  it('lets nobody write HTML or links into pages, whatever a commit says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (subject) => {
        const evil = [`<script>${subject}</script>`, `[x](javascript:${subject})`, subject].map((text) => commit(text));
        const publication = { ...published(), topics: [{ topic: 'other' as const, commits: evil }] };
        const page = htmlOf(publication, 'fr');
        assert.equal(page.replace(/<\/?(article|h1|h2|p|ul|li)( lang="fr")?>/g, '').search(/[<>]/), -1);
        assert.doesNotMatch(markdownOf(publication, 'fr'), /(?<!\\)[<[]/);
      }),
    );
  });
  it('is an entry of an Atom feed that any reader takes', () => {
    const atom = atomOf({
      of: 'contrats',
      language: 'fr',
      address: 'http://h/feed?a=1&b=2',
      publications: [published()],
      now: '2027-03-03T00:00:00.000Z',
    });
    assert.match(
      atom,
      /^<\?xml version="1.0" encoding="utf-8"\?>\n<feed xmlns="http:\/\/www.w3.org\/2005\/Atom" xml:lang="fr"><id>urn:beluga:feed:contrats<\/id>/,
    );
    assert.match(atom, /<updated>2027-03-02T09:00:00.000Z<\/updated>/);
    assert.match(atom, /<entry><id>urn:beluga:change:chg-1<\/id><title>web 2.0.0 est en prod<\/title>/);
    assert.match(atom, /&lt;h2&gt;Nouveautés/);
    assert.doesNotMatch(atom, /&(?!amp;|lt;|gt;|quot;|#39;)/);
  });
});

describe('a notice', () => {
  it('tells in one message of all that failed for one cause', () => {
    const failed = ['web', 'api'].map((component) =>
      changeOf({ id: component, state: 'closed', closure: 'backed-out', note: 'The disk is full.', facts: { component } }),
    );
    const text = textOf(noticeOf('n-1', 'failed', failed, 'en'));
    assert.match(text, /^2 installations in contrats did not succeed, for the same cause/);
    assert.match(text, /web 2.0.0 \(prod\).*api 2.0.0 \(prod\).*The former release still serves.*The disk is full/s);
  });
});
