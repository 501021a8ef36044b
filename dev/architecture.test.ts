import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { importFindings } from './architecture/findings.ts';
import { clockless, isTest, law, type Place, placeOf } from './architecture/law.ts';
import { readSource, readSources } from './architecture/sources.ts';

const sources = readSources();

function none(findings: readonly string[]): void {
  if (findings.length > 0) assert.fail(findings.join('\n'));
}

test('the architecture test saw files of every place that exists', () => {
  const seen = new Set(sources.map(({ file }) => placeOf(file)));
  const missing = (Object.keys(law) as Place[]).filter((place) => !seen.has(place));
  assert.deepEqual(missing, [], 'a folder of the import table has no file: was it moved without dev/architecture/law.ts?');
  assert.ok(sources.length > 50, `only ${sources.length} files were read`);
  const imports = sources.reduce((sum, source) => sum + source.imports.length, 0);
  assert.ok(imports > (3 * sources.length) / 2, `only ${imports} import statements were read in ${sources.length} files`);
});

test('every file imports only what the import table lets it', () => {
  none(sources.flatMap(importFindings));
});

test('time comes in as an argument wherever decisions are made', () => {
  const bound = sources.filter(({ file }) => !isTest(file) && clockless.includes(placeOf(file) ?? 'main'));
  assert.ok(bound.length > 10, `only ${bound.length} files were held to it`);
  none(
    bound.flatMap(({ file, clock }) =>
      clock.map(({ what, line }) => `${file}:${line} reads the clock (${what}): take \`now\` as an argument instead.`),
    ),
  );
});

test('no folder is named after nothing in particular', () => {
  const vague = /(^|\/)(core|utils?|common|shared|helpers?|misc|lib)\//;
  none(
    sources
      .filter(({ file }) => vague.test(file))
      .map(({ file }) => `${file} lies in a folder that says nothing: name it after what is in it.`),
  );
});

test('a file fits on a few screens', () => {
  // The texts of the console are data, one line each.
  const bound = (file: string): number => (file.startsWith('web/src/locales/') ? Number.POSITIVE_INFINITY : isTest(file) ? 500 : 350);
  none(
    sources
      .filter(({ file, lines }) => lines > bound(file))
      .map(({ file, lines }) => `${file} has ${lines} lines, at most ${bound(file)}: split it by what it knows.`),
  );
});

test('only the contract has a barrel', () => {
  const barrels = sources.filter(
    ({ file, reexports, statements }) =>
      file !== 'contract/src/index.ts' && (basename(file) === 'index.ts' || (reexports > 1 && reexports === statements)),
  );
  none(barrels.map(({ file }) => `${file} only passes on what others export: import from the file that has it.`));
});

test('a file is named in kebab case after what it exports', () => {
  const named = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.tsx?$/;
  none(sources.filter(({ file }) => !named.test(basename(file))).map(({ file }) => `${file} is not named in kebab case.`));
});

test('the law itself refuses what it should', () => {
  const finding = (file: string, text: string): string => importFindings(readSource(file, text)).join();
  const domain = 'server/src/domain/x.ts';
  assert.match(finding(domain, "import { a } from '../store/store.ts';"), /belongs to domain and imports server\/src\/store\/store.ts/);
  assert.match(finding(domain, "import type { A } from '../store/store.ts';"), /belongs to store/);
  assert.match(finding(domain, "export { a } from '../store/store.ts';"), /belongs to store/);
  assert.match(finding(domain, "type A = import('../store/store.ts').A;"), /belongs to store/);
  assert.match(finding(domain, "const a = await import('node:fs');"), /only drivers\/PORT\/VENDOR/);
  assert.match(finding('server/src/actions/x.ts', "import '../drivers/engine/docker/client.ts';"), /never a vendor/);
  assert.match(finding('server/src/drivers/engine/engine.ts', "import { a } from '../../domain/release.ts';"), /imports values/);
  assert.match(finding('server/src/drivers/itsm/embedded/x.ts', "import { a } from '../../engine/engine.ts';"), /of another port/);
  assert.match(finding('cli/src/x.ts', "import { a } from '../../server/src/errors.ts';"), /over HTTP/);
  assert.match(finding('oci/src/x.ts', "import { a } from '@beluga/contract/manifest';"), /knows images and registries/);
  assert.match(finding('server/src/store/x.ts', 'await import(`./${name}.ts`);'), /computes what it imports/);
  assert.match(finding('elsewhere/x.ts', ''), /lies in no folder/);
  assert.equal(finding('server/src/api/x.ts', "import { a } from '@beluga/contract';"), '');
  assert.equal(readSource(domain, 'const at = [Date.now(), new Date(), Temporal.Now.instant(), new Date(0)];').clock.length, 3);
});
