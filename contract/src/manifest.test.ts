import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManifestError, readManifest } from './manifest.ts';
import { normalise } from './spec.ts';

const head = `apiVersion: beluga/v1
kind: Service
metadata:
  name: contrats-api
  system: contrats
`;
const job = head.replace('Service', 'Job');

function sentencesFor(text: string): readonly string[] {
  try {
    readManifest(text, 'beluga.yaml');
    return [];
  } catch (error) {
    assert.ok(error instanceof ManifestError, String(error));
    return error.message.split('\n');
  }
}

/** A text and everything that is said about it. */
const wrong: Readonly<Record<string, readonly [text: string, ...sentences: string[]]>> = {
  'an empty file': ['', 'beluga.yaml:1:1: the file is empty; begin with apiVersion: beluga/v1, or let `beluga init` write it.'],
  'a file of comments': ['# nothing\n', 'beluga.yaml:1:1: the file holds only comments; begin with apiVersion: beluga/v1.'],
  'a list': ['- a\n', 'beluga.yaml:1:1: the file is a list; write keys and values.'],
  'bytes that are no text': [`${head}# \uFFFD`, 'beluga.yaml:6:3: the file is not UTF-8 text; save it as UTF-8.'],
  'a huge file': [
    `${head}# ${'x'.repeat(300_000)}`,
    'beluga.yaml:1:1: the file is larger than 256 KiB; put files that large into the artifact.',
  ],
  'a mistyped key': [`${head}run:\n  comand: [node]\n`, 'beluga.yaml:7:3: unknown key "comand" in run; did you mean "command"?'],
  'two letters swapped': [`${head}dependOsn: []\n`, 'beluga.yaml:6:1: unknown key "dependOsn" at the top; did you mean "dependsOn"?'],
  'a key in the wrong section': [`${head}port: 80\n`, 'beluga.yaml:6:1: unknown key "port" at the top; it belongs in run.'],
  'a key of another tool': [`${head}run:\n  stop: { signal: TERM }\n`, 'beluga.yaml:7:11: unknown key "signal" in run.stop; use grace.'],
  'a missing key': [
    'apiVersion: beluga/v1\nkind: Service\nmetadata:\n  name: a\n',
    'beluga.yaml:3:1: metadata.system is missing; add "system" with a text.',
  ],
  'a missing section': [
    'apiVersion: beluga/v1\nkind: Service\n',
    'beluga.yaml:1:1: metadata is missing; add "metadata" with keys and values.',
  ],
  'a mistyped word': [head.replace('Service', 'Servcie'), 'beluga.yaml:2:7: kind is "Servcie"; did you mean Service?'],
  'another word': [
    head.replace('  system', '  criticality: enormous\n  system'),
    'beluga.yaml:5:16: metadata.criticality is "enormous"; use low, medium, high or critical.',
  ],
  'another language': [head.replace('beluga/v1', 'v1'), 'beluga.yaml:1:13: apiVersion is "v1"; use beluga/v1.'],
  'a name with capitals': [
    head.replace('contrats-api', 'My App'),
    'beluga.yaml:4:9: metadata.name is "My App"; use lower-case letters, digits and hyphens, at most 40, starting with a letter, such as contrats-api.',
  ],
  'a port that is none': [`${head}run: { port: 70000 }\n`, 'beluga.yaml:6:14: run.port is 70000; choose a whole number from 1 to 65535.'],
  'a text for a number': [
    `${head}run: { port: "80" }\n`,
    'beluga.yaml:6:14: run.port is "80", a text; write a whole number from 1 to 65535.',
  ],
  'a number for a text': [
    head.replace('  system', '  team: 7\n  system'),
    'beluga.yaml:5:9: metadata.team is 7, a whole number; write it as a text: "7".',
  ],
  'a duration without unit': [
    `${head}run: { health: { within: 30 } }\n`,
    'beluga.yaml:6:26: run.health.within is 30, a whole number; write a whole number with its unit, such as 500ms, 30s, 5m or 1h.',
  ],
  'a duration of weeks': [
    `${head}run: { stop: { grace: 999h } }\n`,
    'beluga.yaml:6:23: run.stop.grace is 999h, longer than a week; choose at most 168h.',
  ],
  'a size without unit': [
    `${head}run: { resources: { memory: 256 } }\n`,
    'beluga.yaml:6:29: run.resources.memory is 256 bytes, less than 6Mi; add the unit that was meant, such as 256Mi.',
  ],
  'an empty key': [`${head}run:\n  health:\n`, 'beluga.yaml:7:3: run.health is empty; write keys and values.'],
  'an empty command': [
    `${head}run: { command: [] }\n`,
    'beluga.yaml:6:17: run.command is empty; write at least one item or remove the key.',
  ],
  'a min above the max': [
    `${head}run: { replicas: { min: 4, max: 2 } }\n`,
    'beluga.yaml:6:25: run.replicas has min 4 above max 2; choose a min that is at most max.',
  ],
  'an environment above its max': [
    `${head}environments:\n  prod: { replicas: { min: 4, max: 2 } }\n`,
    'beluga.yaml:7:28: environments.prod.replicas has min 4 above max 2; choose a min that is at most max.',
  ],
  'an image without digest': [
    `${head}build: { image: nginx:1 }\n`,
    'beluga.yaml:6:17: build.image is "nginx:1"; name it by digest: registry/name@sha256: and 64 hexadecimal digits.',
  ],
  'an image that would also be built': [
    `${head}build: { image: "r/a@sha256:${'0'.repeat(64)}", socle: node-26 }\n`,
    'beluga.yaml:6:96: build.socle and build.image exclude each other; keep one of them; with image nothing is assembled.',
  ],
  'dependencies outside the artifact': [
    `${head}build: { dependencies: [../lib] }\n`,
    'beluga.yaml:6:25: build.dependencies[0] leaves the artifact; name a folder inside it, such as node_modules.',
  ],
  'a variable of the platform': [
    `${head}config: { env: { PORT: 80 } }\n`,
    'beluga.yaml:6:18: config.env.PORT is set by the platform; remove it; PORT is run.port.',
  ],
  'a variable that cannot be one': [
    `${head}config: { env: { 1A: x } }\n`,
    'beluga.yaml:6:18: unknown key "1A" in config.env; name variables with letters, digits and underscores, the first not a digit.',
  ],
  'a secret value': [
    `${head}config: { secrets: [{ name: db, ref: hunter2 }] }\n`,
    'beluga.yaml:6:38: config.secrets[0].ref is "hunter2"; write file:/path or env:NAME; the value itself never stands in this file.',
  ],
  'a component that calls itself': [
    `${head}dependsOn: [other, contrats-api]\n`,
    'beluga.yaml:6:20: contrats-api depends on itself; remove it from dependsOn.',
  ],
  'a dependency twice': [`${head}dependsOn: [a, a]\n`, 'beluga.yaml:6:16: "a" stands twice in dependsOn; remove one of them.'],
  'a dependency on one contract twice': [
    `${head}dependsOn: [a, { name: a, version: ^1 }]\n`,
    'beluga.yaml:6:16: a stands twice in dependsOn; keep one, with the versions that are meant.',
  ],
  'a range that is none': [
    `${head}dependsOn: [{ name: a, version: latest }]\n`,
    'beluga.yaml:6:33: dependsOn[0].version is no range: latest; write a range of semantic versions, such as "^2.1" or ">=2.1 <4".',
  ],
  'a dependency on itself with a version': [
    `${head}dependsOn: [{ name: contrats-api, version: ^1 }]\n`,
    'beluga.yaml:6:21: contrats-api depends on itself; remove it from dependsOn.',
  ],
  'a contract of no version': [
    `${head}provides: [{ contract: contrats, version: v2 }]\n`,
    'beluga.yaml:6:43: provides[0].version is "v2"; write three numbers, such as 2.3.0.',
  ],
  'a contract twice': [
    `${head}provides: [{ contract: c, version: 1.0.0 }, { contract: c, version: 1.0.0 }]\n`,
    'beluga.yaml:6:45: contract c 1.0.0 stands twice in provides; remove one of them.',
  ],
  'a volume twice': [
    `${head}run:\n  volumes:\n    - { name: data, path: /data }\n    - { name: data, path: /data }\n`,
    'beluga.yaml:9:15: name data stands twice in run.volumes; remove one of them.',
    'beluga.yaml:9:27: path /data stands twice in run.volumes; remove one of them.',
  ],
  'a volume over the system': [
    `${head}run: { volumes: [{ name: a, path: /proc/self }] }\n`,
    'beluga.yaml:6:35: run.volumes[0].path is in /proc, which the engine fills; choose another, such as /data.',
  ],
  'a file that climbs': [
    `${head}config: { files: [{ path: /etc/../a, content: x }] }\n`,
    'beluga.yaml:6:27: config.files[0].path has . or .. in it; write the path that is meant, such as /data.',
  ],
  'a job without schedule': [job, 'beluga.yaml:1:1: run.schedule is missing; a Job says when it runs: add schedule: "0 6 * * *".'],
  'a job that listens': [
    `${job}run: { schedule: "0 6 * * *", port: 80, replicas: 2 }\n`,
    'beluga.yaml:6:31: a Job has no run.port; remove it, or make this a Service.',
    'beluga.yaml:6:41: a Job has no run.replicas; remove it, or make this a Service.',
  ],
  'a service with a schedule': [
    `${head}environments: { prod: { schedule: "0 6 * * *" } }\n`,
    'beluga.yaml:6:25: a Service has no environments.prod.schedule; remove it, or make this a Job.',
  ],
  'a schedule with four fields': [
    `${job}run: { schedule: "0 6 * *" }\n`,
    'beluga.yaml:6:18: run.schedule has 4 fields, not five; write five fields: minute, hour, day of month, month, day of week, such as "30 6 * * 1-5".',
  ],
  'an hour that is none': [
    `${job}run: { schedule: "0 24 * * *" }\n`,
    'beluga.yaml:6:18: run.schedule has "24" as its hour, which goes from 0 to 23; write five fields: minute, hour, day of month, month, day of week, such as "30 6 * * 1-5".',
  ],
  'a time zone that is none': [
    `${job}run: { schedule: "0 6 * * *", timeZone: Europe/Pari }\n`,
    'beluga.yaml:6:41: run.timeZone names no time zone: Europe/Pari; use an IANA name, such as Europe/Paris.',
  ],
  'a key twice': [`${head}run: {}\nrun: {}\n`, 'beluga.yaml:7:1: the key "run" stands twice; remove one of them.'],
  'two documents': [`${head}---\n${head}`, 'beluga.yaml:6:1: a second document begins; write one manifest a file and remove ---.'],
  'a tag': [`${head}run: !include run.yaml\n`, 'beluga.yaml:6:6: the tag is unknown; write the value without a tag.'],
  'a tab': [`${head}run:\n\tport: 80\n`, 'beluga.yaml:7:1: a tab indents the line; indent with spaces.'],
  'an alias that is none': [
    `${head}run: *base\n`,
    'beluga.yaml:6:6: the alias *base leads nowhere; name an anchor above it, or put quotes around a text that begins with *.',
  ],
  'a bracket left open': [
    `${head}run: { command: [node\n`,
    'beluga.yaml:7:1: a ] is missing before this; close the bracket, or indent what stands in it.',
  ],
};

for (const [what, [text, ...sentences]] of Object.entries(wrong)) {
  test(`${what} gets a sentence that says where it is, what is wrong and what to do`, () => {
    assert.deepEqual(sentencesFor(text).slice(0, sentences.length), sentences);
  });
}

test('every problem of a file is told at once, in the order of the file', () => {
  const sentences = sentencesFor(head.replace('contrats-api', 'A').replace('Service', 'Servic') + 'rum: {}\n');
  assert.deepEqual(
    sentences.map((sentence) => sentence.split(':')[1]),
    ['2', '4', '6'],
  );
});

test('aliases that multiply without end are refused and cost no memory', () => {
  const levels = Array.from({ length: 12 }, (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`);
  const [sentence] = sentencesFor(`l0: &l0 [x, x]\n${levels.join('\n')}\n`);
  assert.match(sentence ?? '', /aliases of the file lead nowhere or grow without end/);
});

test('a file nested a hundred thousand times is refused, not a crash', () => {
  assert.equal(sentencesFor('['.repeat(100_000)).length > 0, true);
});

test('a merged anchor stands where it is merged', () => {
  const text = `${head}environments:\n  preprod: &large\n    replicas: 3\n  prod:\n    <<: *large\n    env: { A: b }\n`;
  const { environments } = normalise(readManifest(text, 'beluga.yaml'));
  assert.deepEqual(environments['prod']?.replicas, { min: 3, max: 3 });
});

test('a variable keeps the text it has in the file', () => {
  const text = `${head}config:\n  env: { VERSION: 1.10, BIG: 12345678901234567890, HEX: 0x1F, FLAG: True, WORD: no }\n`;
  const { config } = normalise(readManifest(text, 'beluga.yaml'));
  assert.deepEqual(config.env, { VERSION: '1.10', BIG: '12345678901234567890', HEX: '0x1F', FLAG: 'True', WORD: 'no' });
});

test('a byte order mark and Windows line ends change nothing', () => {
  assert.deepEqual(readManifest(`\uFEFF${head.replaceAll('\n', '\r\n')}`, 'beluga.yaml'), readManifest(head, 'beluga.yaml'));
});
