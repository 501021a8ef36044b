import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSync } from 'oxc-parser';
import { catalogue } from '../../server/src/errors.ts';
import { pairsOf, translator } from '../src/said.ts';

const text = readFileSync(join(import.meta.dirname, '..', 'src', 'locales', 'sentences.fr.txt'), 'utf8');
const pairs = pairsOf(text);
const inFrench = translator(text);
const holesOf = (sentence: string): readonly string[] => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
const isOnlyHole = (sentence: string): boolean => /^\W*\{\w+\}\W*$/.test(sentence);

test('every refusal that the server can give has its French, sentence and remedy', () => {
  const known = new Set(pairs.map(([english]) => english));
  const all = Object.values(catalogue).flatMap(({ sentence, remedy }) => [sentence, remedy]);
  assert.ok(all.length > 150);
  assert.deepEqual(
    all.filter((one) => !isOnlyHole(one) && !known.has(one)),
    [],
  );
});

test('a refusal is recognised whatever its words are, and its words come out again', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
  for (const { sentence } of Object.values(catalogue)) {
    if (isOnlyHole(sentence)) continue;
    fc.assert(
      fc.property(fc.array(word, { minLength: 8, maxLength: 8 }), (words) => {
        const names = [...new Set(holesOf(sentence))];
        const said = names.reduce((so, name, index) => so.replaceAll(`{${name}}`, words[index] ?? 'x'), sentence);
        const french = inFrench(said);
        assert.ok(french !== null, said);
        const kept = holesOf(pairs.find(([english]) => english === sentence)?.[1] ?? '');
        for (const [index, name] of names.entries())
          if (kept.includes(name)) assert.ok(french.includes(words[index] ?? 'x'), `${said} / ${french}`);
      }),
      { numRuns: 10 },
    );
  }
});

/** The gates write their sentences where they decide: every literal that ends one is collected from their sources. */
const gates = join(import.meta.dirname, '..', '..', 'server', 'src', 'domain');
const written = [
  ...[
    'gates/*.ts',
    'changes/kind.ts',
    'changes/rollback.ts',
    'rollout/sentence.ts',
    'drift/drift.ts',
    'compliance.ts',
    'scaling/sentence.ts',
  ],
  ...['compare', 'survey', 'routes'].map((file) => `../drivers/engine/docker/${file}.ts`),
  ...['../reconcile/secret.ts', '../actions/set-scale.ts'],
];

type Node = { readonly type: string } & Readonly<Record<string, unknown>>;

function literals(node: unknown, found: string[] = []): readonly string[] {
  if (Array.isArray(node)) for (const one of node) literals(one, found);
  else if (typeof node === 'object' && node !== null) {
    const { type, value, quasis } = node as Node;
    if (type === 'Literal' && typeof value === 'string') found.push(value);
    if (type === 'TemplateLiteral')
      found.push((quasis as readonly { readonly value: { readonly cooked: string } }[]).map((quasi) => quasi.value.cooked).join('{}'));
    for (const one of Object.values(node)) literals(one, found);
  }
  return found;
}

/** Put together from phrases that stand elsewhere: what comes out of it is looked at instead. */
const composed = [
  { skeleton: 'The plan of x lacks xx.', said: 'The plan of web@1.2.0 lacks 2 approvals: the plan changed since it was approved.' },
  { skeleton: 'x ran x in x, x.', said: 'web@1.2.0 ran 26 h in int, answering 1200 requests.' },
  { skeleton: 'x x.', said: 'web@1.2.0 would break train avril of 2027-04-10: api@1.0.0 requires api ^2 of web, which is not there.' },
];

test('every sentence that gates, changes, steps, drift, compliance and scaling write has its French', () => {
  const sentences = written
    .flatMap((pattern) => globSync(pattern, { cwd: gates }))
    .filter((file) => !file.includes('test'))
    .flatMap((file) => literals(parseSync(file, readFileSync(join(gates, file), 'utf8')).program))
    .filter((one) => /^[A-Z{`].*\s.*\.$/s.test(one) && !one.startsWith('{}: '));
  assert.ok(sentences.length > 60, `only ${sentences.length}`);
  const filled = sentences.map((one) => one.replaceAll('{}', 'x'));
  assert.deepEqual(
    [...new Set(filled)].filter((one) => inFrench(one) === null),
    composed.map(({ skeleton }) => skeleton),
  );
});

test('what is put together from phrases has its French', () => {
  for (const { said } of composed) assert.notEqual(inFrench(said), null, said);
});

test('several sentences, lists and phrases inside of them are French too; what a person wrote stays as it is', () => {
  const said = (english: string, french: string): void => assert.equal(inFrench(english)?.replaceAll('\u00a0', ' '), french);
  said(
    'web@1.2.0 is not verified in dev, int and re7. Take it there first, stage by stage: beluga deploy web@1.2.0 --to dev.',
    'web@1.2.0 n’est pas vérifiée en dev, int et re7. Amenez-la d’abord là, étape par étape : beluga deploy web@1.2.0 --to dev.',
  );
  said(
    'Instance web-1 was not ready within 30 s: connection refused.',
    'L’exemplaire web-1 n’était pas prêt au bout de 30 s : connexion refusée.',
  );
  said('Shift the traffic: 2 instances in, 1 instance out.', 'Basculer le trafic : 2 exemplaires de plus, 1 exemplaire de moins.');
  said(
    'Its computed risk is medium: its secrets change; it carries 31 commits.',
    'La catégorie de risque calculée est moyenne : ses secrets changent ; il porte 31 commits.',
  );
  said(
    'léa stopped the line at 2026-11-24T10:00Z: the bank is closed and nobody answers.',
    'léa a arrêté la chaîne à 2026-11-24T10:00Z : the bank is closed and nobody answers.',
  );
  assert.equal(inFrench('Something that nobody wrote down.'), null);
});

test('the French has no hole that the English does not fill, and is written as French is', () => {
  assert.deepEqual(
    pairs.filter(([english, french]) => french === '' || holesOf(french).some((name) => !holesOf(english).includes(name))),
    [],
  );
  const prose = pairs.map(([, french]) => french.replaceAll(/`[^`]*`|https?:\S+|Authorization:|\{\w+\}/g, ''));
  assert.deepEqual(
    prose.filter((french) => /\p{L}'\p{L}/u.test(french) || / [:;!?»%]|« |\p{L}[:;!?](\s|$)/u.test(french)),
    [],
  );
});
