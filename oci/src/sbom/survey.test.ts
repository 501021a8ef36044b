import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { textEntry } from '../entry.ts';
import { cyclonedxOf } from './cyclonedx.ts';
import { dpkgStatus, rpmDatabase, zipOf } from './databases-for-tests.ts';
import { openBench } from './image-for-tests.ts';
import { type Survey, SurveyMemory, surveyImage } from './survey.ts';

const tool = { name: 'beluga', version: '0.1.0' };
const osRelease = 'ID=debian\nVERSION_ID="12"\n';
const lockOf = (...names: readonly string[]) =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: Object.fromEntries(names.map((name) => [`node_modules/${name}`, { version: '1.0.0', license: 'MIT' }])),
  });
const told = (survey: Survey) => survey.packages.map(({ purl, storey }) => `${purl.split('?')[0]} ${storey}`);
const vendor = {
  storey: 'vendor' as const,
  files: {
    'etc/os-release': osRelease,
    'etc/passwd': 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
    'var/lib/dpkg/status': dpkgStatus(['libc6', '2.36'], ['perl', '5.36']),
    'bin/su': textEntry('', 'su', 0o4755),
    'bin/write': textEntry('', 'write', 0o2755),
  },
};

test('each package is found in the storey that brought it, also when an upper layer writes the database again', async (t) => {
  const { registry, make } = await openBench(t);
  const image = await make([
    vendor,
    {
      storey: 'socle',
      files: { 'var/lib/dpkg/status': dpkgStatus(['libc6', '2.36'], ['ca-certificates', '2023']), 'opt/agent-2.0.jar': zipOf({ x: 'y' }) },
    },
    {
      storey: 'dependencies',
      files: {
        'app/node_modules/.package-lock.json': lockOf('express', '@scope/a'),
        'app/node_modules/express/package.json': '{"name":"express","version":"1.0.0"}',
      },
    },
    { storey: 'application', files: { 'app/package-lock.json': lockOf('express', 'mocha'), 'app/server.js': '1' } },
  ]);
  const survey = await surveyImage(image, registry);
  assert.deepEqual(told(survey), [
    'pkg:deb/debian/ca-certificates@2023 socle',
    'pkg:deb/debian/libc6@2.36 vendor',
    'pkg:maven/agent/agent@2.0 socle',
    'pkg:npm/%40scope/a@1.0.0 dependencies',
    'pkg:npm/express@1.0.0 dependencies',
  ]);
  assert.match(survey.packages[0]?.purl ?? '', /\?arch=amd64&distro=debian-12$/);
  assert.equal(survey.packages[0]?.layer, image.layers[1]?.descriptor.digest);
  assert.deepEqual(survey.problems, []);
});

test('a lockfile counts where nothing is installed beside it', async (t) => {
  const { registry, make } = await openBench(t);
  const image = await make([{ storey: 'application', files: { 'app/package-lock.json': lockOf('express') } }]);
  assert.deepEqual(told(await surveyImage(image, registry)), ['pkg:npm/express@1.0.0 application']);
});

test('what an upper layer removes or replaces is gone', async (t) => {
  const { registry, make } = await openBench(t);
  const image = await make([
    {
      ...vendor,
      files: {
        ...vendor.files,
        'opt/a/x-1.jar': zipOf({ x: 'y' }),
        'opt/b/y-1.jar': zipOf({ x: 'y' }),
        'opt/c/z-1.jar': zipOf({ x: 'y' }),
      },
    },
    {
      storey: 'socle',
      files: {
        'bin/.wh.su': '',
        'bin/write': textEntry('', 'write', 0o755),
        'opt/a/.wh..wh..opq': '',
        'opt/.wh.b': '',
        'opt/c': 'a file now',
        'var/lib/dpkg/.wh.status': '',
      },
    },
  ]);
  const survey = await surveyImage(image, registry);
  assert.deepEqual([survey.packages, survey.privileged], [[], []]);
});

test('who an image runs as, its ports and its privileged programs are read from what it holds', async (t) => {
  const { registry, make } = await openBench(t);
  const look = async (run: Parameters<typeof make>[1]) => surveyImage(await make([vendor], run), registry);
  const survey = await look({ user: 'node', port: 8080 });
  assert.deepEqual([survey.user, survey.ports], [{ name: 'node', id: 1000 }, [8080]]);
  assert.deepEqual(
    survey.privileged.map(({ path, mode, storey }) => `${path} ${mode.toString(8)} ${storey}`),
    ['/bin/su 4755 vendor', '/bin/write 2755 vendor'],
  );
  assert.deepEqual((await look({})).user, { name: 'root', id: 0 });
  assert.deepEqual((await look({ user: '65532:65532' })).user, { name: '65532', id: 65532 });
  assert.deepEqual((await look({ user: 'nobody-knows' })).user, { name: 'nobody-knows', id: null });
});

test('what could not be read is said, not left out', async (t) => {
  const { registry, make } = await openBench(t);
  const image = await make([
    {
      storey: 'vendor',
      files: {
        'var/lib/rpm/Packages': 'x',
        'lib/broken-1.jar': 'x',
        'usr/lib/sysimage/rpm/rpmdb.sqlite': rpmDatabase({ name: 'bash', version: '5', release: '1' }),
      },
    },
  ]);
  const survey = await surveyImage(image, registry);
  assert.deepEqual(survey.problems, ['/lib/broken-1.jar: it is no zip file', '/var/lib/rpm/Packages: it is no database of rpm']);
  assert.deepEqual(told(survey), ['pkg:rpm/redhat/bash@5-1 vendor']);
});

test('the layers of a known socle are not read again', async (t) => {
  const { registry, make } = await openBench(t);
  const memory = new SurveyMemory();
  const read: string[] = [];
  const counting = new Proxy(registry, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== 'function') return value;
      return (...given: readonly unknown[]) => {
        if (name === 'blob') read.push(String(given[1]));
        return Reflect.apply(value, target, given) as unknown;
      };
    },
  });
  const app = (text: string) => make([vendor, { storey: 'application', files: { 'app/server.js': text } }]);
  const first = await surveyImage(await app('1'), counting, memory);
  const second = await surveyImage(await app('2'), counting, memory);
  assert.equal(read.length, 3);
  assert.deepEqual(second.packages, first.packages);
});

test('the SBOM fits the schema of CycloneDX 1.6, and the same image gives the same bytes', async (t) => {
  const { registry, make } = await openBench(t);
  const image = await make([
    vendor,
    { storey: 'dependencies', files: { 'app/node_modules/.package-lock.json': lockOf('express', '@scope/a'), 'lib/x.jar': 'x' } },
  ]);
  const survey = await surveyImage(image, registry);
  const write = (name: string) => JSON.stringify(cyclonedxOf({ name, digest: image.digest, tool }, survey));
  assert.equal(
    write('contrats/web'),
    JSON.stringify(cyclonedxOf({ name: 'contrats/web', digest: image.digest, tool }, await surveyImage(image, registry))),
  );
  const wrong: unknown = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(write('contrats/web'));
  assert.equal(wrong, null, JSON.stringify(wrong));
});

test('the Node of an image is told by the program itself, wherever in it the name stands', async (t) => {
  const { registry, make } = await openBench(t);
  const program = Buffer.alloc(12 * 1024 * 1024);
  for (const at of [262_144 - 10, 11_000_000]) program.write('https://nodejs.org/download/release/v26.10.0/node-v26.10.0.tar.gz', at);
  const image = await make([{ storey: 'vendor', files: { 'usr/local/bin/node': textEntry('', program, 0o755) } }]);
  assert.deepEqual(told(await surveyImage(image, registry)), ['pkg:generic/node@26.10.0 vendor']);
});
