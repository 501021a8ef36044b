import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pinContainerfile } from './containerfile.ts';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const pin = (named: string) =>
  named.includes('missing')
    ? Promise.reject(new Error('The registry does not hold it.'))
    : Promise.resolve(`${named.split(':')[0]}@${digest('a')}`);

test('every image is named by digest: stages, scratch and digests stay as they are', async () => {
  const text = [
    '# syntax=docker/dockerfile:1',
    'ARG NODE=26',
    'FROM --platform=$TARGETPLATFORM node:${NODE} AS build',
    'RUN make',
    'FROM build AS test',
    'FROM scratch',
    'COPY --from=build /out /',
    'COPY --chown=1:1 --from=busybox:1.36 /bin/sh /bin/sh',
    'RUN --mount=type=bind,from=tools:2,target=/tools \\',
    '  --mount=type=bind,from=more:3,target=/more true',
    `FROM other@${digest('b')}`,
    'COPY --from=0 /a /b',
  ].join('\n');
  const { text: pinned, bases } = await pinContainerfile(text, 'Containerfile', pin);
  assert.equal(
    pinned,
    text
      .replace('node:${NODE}', `node@${digest('a')}`)
      .replace('busybox:1.36', `busybox@${digest('a')}`)
      .replace('tools:2', `tools@${digest('a')}`)
      .replace('more:3', `more@${digest('a')}`),
  );
  assert.deepEqual(bases, [
    { named: 'node:26', pinned: `node@${digest('a')}` },
    { named: `other@${digest('b')}`, pinned: `other@${digest('b')}` },
  ]);
});

test('what stands in a here-document or a comment is no instruction', async () => {
  const text = 'FROM a:1\nRUN <<EOF\nFROM missing:1\nEOF\n# FROM missing:2\n';
  assert.equal((await pinContainerfile(text, 'Containerfile', pin)).text, text.replace('a:1', `a@${digest('a')}`));
});

test('an image that cannot be pinned is refused with its line', async () => {
  await assert.rejects(pinContainerfile('FROM a:1\nFROM missing:1\n', 'app/Containerfile', pin), {
    code: 'base-not-pinned',
    message: 'app/Containerfile:2: FROM missing:1 cannot be pinned to a digest: The registry does not hold it.',
  });
  await assert.rejects(pinContainerfile('ARG BASE\nFROM $BASE\n', 'Containerfile', pin), {
    message: /:2: .* a variable without a default/,
  });
  await assert.rejects(pinContainerfile('# nothing\n', 'Containerfile', pin), { message: /it has no FROM/ });
});
