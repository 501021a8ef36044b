import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readSocle, SocleError } from './socle.ts';

const head = 'apiVersion: beluga/v1\nkind: Socle\nmetadata: { name: node-26 }\n';

function sentencesFor(text: string): readonly string[] {
  try {
    readSocle(text, 'socle.yaml');
    return [];
  } catch (error) {
    assert.ok(error instanceof SocleError, String(error));
    return error.message.split('\n');
  }
}

test('a socle says what it stands on, what it lays over it, and what applications rely on', () => {
  const text = `${head}base: { image: 'docker.io/library/node:26-bookworm-slim' }\nroot: root\nenv: { NODE_ENV: production, LEVEL: 2 }\nruntime: { node: 26, libc: glibc-2.36 }\n`;
  assert.deepEqual(readSocle(text, 'socle.yaml'), {
    name: 'node-26',
    description: null,
    base: { kind: 'image', image: 'docker.io/library/node:26-bookworm-slim' },
    root: 'root',
    env: { NODE_ENV: 'production', LEVEL: '2' },
    runtime: { node: '26', libc: 'glibc-2.36' },
  });
});

test('a base made of this machine declares its runtime by itself', () => {
  assert.deepEqual(readSocle(`${head}base: { machine: node }\n`, 'socle.yaml').runtime, {});
});

for (const [what, text, sentence] of [
  [
    'two bases',
    'base: { image: node, machine: node }\n',
    'socle.yaml:4:22: base.machine and base.image exclude each other; keep one of image, machine and containerfile.',
  ],
  ['no base', 'base: {}\n', 'socle.yaml:4:1: base names nothing to stand on; keep one of image, machine and containerfile.'],
  [
    'no runtime',
    'base: { image: node }\n',
    'socle.yaml:1:1: runtime is missing; say what applications rely on: runtime: { node: 26, libc: glibc-2.36 }.',
  ],
  [
    'a root outside',
    'base: { machine: node }\nroot: ../etc\n',
    'socle.yaml:5:7: root leaves the folder of the socle; name a folder beside this file.',
  ],
  [
    'an unknown key',
    'base: { machine: node }\nruntimes: {}\n',
    'socle.yaml:5:1: unknown key "runtimes" at the top; did you mean "runtime"?',
  ],
] as const) {
  test(`${what} is refused with its line and its column`, () => assert.deepEqual(sentencesFor(head + text), [sentence]));
}

test('no text makes the reader fail in any other way', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (text, isAfterHead) => {
      sentencesFor(isAfterHead ? head + text : text);
    }),
  );
});
