import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { PackageURL } from 'packageurl-js';
import { dpkgStatus, headersIn, ndbDatabase, rpmDatabase, zipOf } from './databases-for-tests.ts';
import { readDpkg } from './dpkg.ts';
import { readJar } from './jar.ts';
import { readLockfile, readPackageJson } from './npm.ts';
import { type Package, purlOf } from './package.ts';
import { readRpmDatabase } from './rpm.ts';

const purls = (packages: readonly Package[] | null) => packages?.map(purlOf);

test('dpkg: what is installed is found, what was removed is not', () => {
  const status = dpkgStatus(['libc6', '2.36-9+deb12u7'], ['gone', '1.0', 'deinstall ok config-files'], ['bash', '5.2-2']);
  assert.deepEqual(purls(readDpkg(status)), ['pkg:deb/libc6@2.36-9%2Bdeb12u7?arch=amd64', 'pkg:deb/bash@5.2-2?arch=amd64']);
  assert.deepEqual(purls(readDpkg('Package: tzdata\nVersion: 2024a-0\nArchitecture: all\n')), ['pkg:deb/tzdata@2024a-0?arch=all']);
});

test('dpkg: what is installed on this machine is found as dpkg itself lists it', () => {
  const format = '${db:Status-Status} ${Package} ${Version} ${Architecture}\n';
  const listed = execFileSync('dpkg-query', ['--show', '--showformat', format], { encoding: 'utf8' });
  const found = readDpkg(readFileSync('/var/lib/dpkg/status', 'utf8'));
  assert.deepEqual(
    found.map(({ name, version, qualifiers }) => `installed ${name} ${version} ${qualifiers['arch']}`).toSorted(),
    listed
      .split('\n')
      .filter((line) => line.startsWith('installed '))
      .toSorted(),
  );
});

test('npm: a lockfile of version 2 or 3 gives what a production installation has', () => {
  const lock = {
    lockfileVersion: 3,
    packages: {
      '': { name: 'web', version: '1.0.0' },
      'node_modules/express': { version: '5.1.0', license: 'MIT' },
      'node_modules/@scope/a': { version: '2.0.0-rc.1' },
      'node_modules/express/node_modules/qs': { version: '6.0.0' },
      'node_modules/alias': { name: 'real', version: '1.2.3' },
      'node_modules/mocha': { version: '1.0.0', dev: true },
      'node_modules/ours': { resolved: 'packages/ours', link: true },
      'packages/ours': { version: '1.0.0' },
    },
  };
  assert.deepEqual(purls(readLockfile(JSON.stringify(lock))), [
    'pkg:npm/express@5.1.0',
    'pkg:npm/%40scope/a@2.0.0-rc.1',
    'pkg:npm/qs@6.0.0',
    'pkg:npm/real@1.2.3',
  ]);
  assert.equal(readLockfile(JSON.stringify({ lockfileVersion: 1, dependencies: {} })), null);
  assert.equal(readLockfile('{'), null);
  assert.deepEqual(purls(readPackageJson('{"name":"a","version":"1"}')), ['pkg:npm/a@1']);
  assert.deepEqual(readPackageJson('{"name":"a/b/c","version":"1"}'), []);
});

test('rpm: every package with its epoch and release, without the keys', () => {
  const database = rpmDatabase(
    { name: 'bash', version: '5.1.8', release: '9.el9', license: 'GPLv3+' },
    { name: 'openssl', version: '3.0.7', release: '27.el9', epoch: 1 },
    { name: 'gpg-pubkey', version: 'fd431d51', release: '4ae0493b' },
  );
  const packages = readRpmDatabase(database);
  assert.deepEqual(purls(packages), ['pkg:rpm/bash@5.1.8-9.el9?arch=x86_64', 'pkg:rpm/openssl@3.0.7-27.el9?arch=x86_64&epoch=1']);
  assert.equal(packages[0]?.license, 'GPLv3+');
  assert.throws(() => readRpmDatabase(Buffer.from('no database at all, but long enough to have a header')));
});

for (const [format, database] of [
  ['SQLite, by rpm', () => fixture('rpmdb.sqlite')],
  ['Berkeley DB, by db_load', () => fixture('Packages')],
  ['ndb, as rpm lays it out', () => ndbDatabase(headersIn(fixture('rpmdb.sqlite')))],
] as const) {
  test(`rpm: a database written in ${format}, holds what was installed`, () => {
    const packages = readRpmDatabase(database());
    assert.deepEqual(purls(packages)?.toSorted(), [
      'pkg:rpm/claims-agent@3.0.7-27.el9?arch=noarch&epoch=2',
      'pkg:rpm/claims-fonts@1.12-5.el9?arch=noarch',
      'pkg:rpm/claims-tools@0.9~rc1-1?arch=noarch',
    ]);
    assert.ok(packages.some(({ license }) => license === 'GPL-2.0-or-later AND MIT'));
    assert.throws(() => readRpmDatabase(database().subarray(0, 9_000)));
  });
}

test('jars: a jar that Maven and jar wrote gives itself, and the one inside by its manifest', () => {
  const jar = readFileSync(join(import.meta.dirname, 'fixtures', 'claims-1.4.0.jar'));
  assert.deepEqual(purls(readJar(jar, 'app/claims-1.4.0.jar')), [
    'pkg:maven/fr.assureur/claims@1.4.0',
    'pkg:maven/fr.assureur.a-group-whose-name-is-so-long-that-jar-folds-the-line/tool@3.2',
  ]);
});

test('jars: what Maven wrote, else the manifest, and the jars inside', () => {
  const pom = (group: string, name: string, version: string) => ({
    [`META-INF/maven/${group}/${name}/pom.properties`]: `#Created by Maven\ngroupId=${group}\nartifactId=${name}\nversion=${version}\n`,
  });
  const inner = zipOf(pom('org.apache.logging.log4j', 'log4j-core', '2.14.1'));
  const plain = zipOf({
    'META-INF/MANIFEST.MF':
      'Manifest-Version: 1.0\r\nImplementation-Vendor-Id: com.ac\r\n me\r\nImplementation-Version: 9\r\n\r\nName: x\r\n',
  });
  const fat = zipOf({
    ...pom('fr.assureur', 'claims', '1.0'),
    'BOOT-INF/lib/log4j-core-2.14.1.jar': inner,
    'BOOT-INF/lib/tool-3.2.jar': plain,
  });
  assert.deepEqual(purls(readJar(fat, 'app/claims.jar')), [
    'pkg:maven/fr.assureur/claims@1.0',
    'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1',
    'pkg:maven/com.acme/tool@3.2',
  ]);
  assert.deepEqual(purls(readJar(zipOf({ 'a.class': 'x' }), 'lib/plain-1.2.3.jar')), ['pkg:maven/plain/plain@1.2.3']);
  assert.throws(() => readJar(Buffer.from('no zip'), 'a.jar'), /no zip file/);
  assert.throws(() => readJar(fat.subarray(100), 'a.jar'));
});

test('a jar whose entry unpacks to more than it says is refused', () => {
  const bomb = zipOf({ 'META-INF/maven/g/a/pom.properties': 'x'.repeat(100_000) });
  bomb.writeUInt32LE(10, bomb.indexOf('PK\x01\x02') + 24);
  bomb.writeUInt32LE(0x7fffffff, bomb.indexOf('PK\x01\x02') + 20);
  assert.doesNotThrow(() => readJar(bomb, 'a-1.jar'));
  const longer = zipOf({ 'META-INF/maven/g/a/pom.properties': 'x'.repeat(2_000_000) });
  assert.throws(() => readJar(longer, 'a-1.jar'), /too long/);
});

test('whatever bytes a zip or an rpm database has, reading ends with packages or a refusal', () => {
  const zip = zipOf({ 'META-INF/MANIFEST.MF': 'a: b\n', 'b.jar': zipOf({ x: 'y' }) });
  const written = [fixture('rpmdb.sqlite'), fixture('Packages'), ndbDatabase(headersIn(fixture('rpmdb.sqlite')))];
  const databases = written.map((bytes) => [bytes, readRpmDatabase] as const);
  for (const [whole, read] of [[zip, (bytes: Buffer) => readJar(bytes, 'a-1.jar')] as const, ...databases]) {
    // Most of what counts stands at the front of a page.
    const place = fc.oneof(
      fc.nat(whole.length - 1),
      fc.nat(Math.min(whole.length - 1, 200)),
      fc.nat(Math.floor(whole.length / 4096)).map((page) => Math.min(page * 4096 + 16, whole.length - 1)),
    );
    const broken = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(broken, (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          read(bytes);
        } catch (error) {
          assert.ok(error instanceof Error);
        }
      }),
    );
  }
});

test('a package URL means to every other program what it means here', () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((text) => text.trim() === text && !text.includes('/') && text.isWellFormed());
  const one = fc.record({
    type: fc.constant('generic' as const),
    namespace: fc.option(word),
    name: word,
    version: word,
    qualifiers: fc.record({ arch: fc.constantFrom('amd64', 'x86_64', 'all') }),
    license: fc.constant(null),
  });
  fc.assert(
    fc.property(one, (given) => {
      const read = PackageURL.fromString(purlOf(given));
      assert.deepEqual(
        [read.type, read.namespace ?? null, read.name, read.version, read.qualifiers?.['arch']],
        ['generic', given.namespace, given.name, given.version, given.qualifiers.arch],
      );
    }),
  );
});

/** What rpm and Berkeley DB wrote; see fixtures/make.sh. */
function fixture(name: string): Buffer {
  return zstdDecompressSync(readFileSync(join(import.meta.dirname, 'fixtures', `${name}.zst`)));
}
