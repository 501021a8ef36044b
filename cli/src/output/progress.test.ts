import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress } from './progress.ts';

/** What is written while something is done, without the seconds and the movements of the cursor. */
async function written(isTTY: boolean, work: () => Promise<string>, wrongWith?: (result: string) => string | null): Promise<string> {
  let text = '';
  const stream = { isTTY, columns: 80, write: (more: string) => (text += more) !== '' };
  await createProgress(stream, { NO_COLOR: '1' })
    .during('Wave 1', work, wrongWith)
    .catch(() => {});
  const last =
    text
      .trimEnd()
      .split(/[\r\n]/)
      .at(-1) ?? '';
  return last.replace('\u001B[K', '').replace(/ \([^)]*\)$/, '');
}

test('a line of progress says at its end what happened: done, what went wrong, or that it failed', async () => {
  const wrongWith = (result: string) => (result === 'good' ? null : '1 failed, 2 moved');
  for (const [isTTY, done, wrong, thrown] of [
    [false, '  done  Wave 1', '  1 failed, 2 moved  Wave 1', '  failed  Wave 1'],
    [true, '  ✓  Wave 1', '  ✗  Wave 1: 1 failed, 2 moved', '  ✗  Wave 1'],
  ] as const) {
    assert.equal(await written(isTTY, async () => 'good', wrongWith), done);
    assert.equal(await written(isTTY, async () => 'bad', wrongWith), wrong);
    assert.equal(await written(isTTY, () => Promise.reject(new Error('no'))), thrown);
  }
});
