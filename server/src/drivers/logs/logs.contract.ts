/** What every keeper of logs does. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Line, Logs } from './logs.ts';

export const web = { component: 'web', environment: 'dev' } as const;
export const lineAt = (second: number, text: string, instance = 'web.dev.g1.0', stream: 'out' | 'err' = 'out'): Line => ({
  at: `2026-11-25T10:00:${String(second).padStart(2, '0')}.000000000Z`,
  instance,
  stream,
  text,
});

export async function give(logs: Logs, lines: readonly Line[], instance = 'web.dev.g1.0'): Promise<void> {
  const intake = await logs.intake(web, instance);
  for (const line of lines) intake.take(line);
  await logs.settle(web);
}

export async function textsOf(logs: Logs, selection: Parameters<Logs['read']>[1] = {}): Promise<readonly string[]> {
  return (await logs.read(web, selection)).map(({ text }) => text);
}

export function logsContract(name: string, open: () => Logs): void {
  describe(`${name}:`, () => {
    test('keeps what was taken, in order, each line with a cursor that grows', async () => {
      const logs = open();
      await give(logs, [lineAt(1, 'a'), lineAt(2, 'b'), lineAt(2, 'b')]);
      assert.deepEqual(await textsOf(logs), ['a', 'b', 'b']);
      assert.deepEqual(
        (await logs.read(web, {})).map(({ cursor }) => cursor),
        [1, 2, 3],
      );
      assert.equal(await logs.newest(web), 3);
      assert.deepEqual(await logs.read({ component: 'web', environment: 'int' }, {}), []);
      await logs.close();
    });

    test('an instance that is read again gives nothing twice and misses nothing', async () => {
      const logs = open();
      const all = [lineAt(1, 'a'), lineAt(2, 'b'), lineAt(2, 'b'), lineAt(3, 'c')];
      await give(logs, all.slice(0, 2));
      assert.equal(Date.parse((await logs.intake(web, 'web.dev.g1.0')).since ?? ''), Date.parse(all[1]?.at ?? ''));
      await give(logs, all.slice(1));
      await give(logs, all);
      assert.deepEqual(await textsOf(logs), ['a', 'b', 'b', 'c']);
      await logs.close();
    });

    test('selects by cursor, time, number and judgement', async () => {
      const logs = open();
      await give(
        logs,
        [1, 2, 3, 4, 5].map((second) => lineAt(second, `line ${second}`)),
      );
      assert.deepEqual(await textsOf(logs, { tail: 2 }), ['line 4', 'line 5']);
      assert.deepEqual(await textsOf(logs, { tail: 0 }), []);
      assert.deepEqual(await textsOf(logs, { after: 3 }), ['line 4', 'line 5']);
      assert.deepEqual(await textsOf(logs, { since: '2026-11-25T10:00:04.000000000Z' }), ['line 4', 'line 5']);
      const odd = () => (line: Line) => /[135]$/.test(line.text);
      assert.deepEqual(await textsOf(logs, { tail: 2, wanted: odd }), ['line 3', 'line 5']);
      await logs.close();
    });

    test('whoever follows sees what comes after his cursor, at once, until he goes', async () => {
      const logs = open();
      await give(logs, [lineAt(1, 'a'), lineAt(2, 'b')]);
      const leaving = new AbortController();
      const seen: string[] = [];
      const following = (async () => {
        for await (const { text } of logs.follow(web, 1, leaving.signal)) {
          seen.push(text);
          if (text === 'd') leaving.abort();
        }
      })();
      await give(logs, [lineAt(3, 'c')]);
      await give(logs, [lineAt(4, 'd')]);
      await following;
      assert.deepEqual(seen, ['b', 'c', 'd']);
      await logs.close();
    });

    test('readings of one instance that overlap in any way keep every line once', async () => {
      const times = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 });
      const reads = fc.array(fc.nat({ max: 12 }), { maxLength: 5 });
      await fc.assert(
        fc.asyncProperty(times, reads, async (seconds, ends) => {
          const logs = open();
          const all = seconds.toSorted((a, b) => a - b).map((second, index) => lineAt(second, `${index}`, 'web.dev.g1.0'));
          for (const end of [...ends, all.length]) {
            const intake = await logs.intake(web, 'web.dev.g1.0');
            const from = intake.since === null ? 0 : all.findIndex(({ at }) => Date.parse(at) >= Date.parse(intake.since ?? ''));
            for (const line of all.slice(Math.max(from, 0), end)) intake.take(line);
            await logs.settle(web);
          }
          assert.deepEqual(
            await textsOf(logs),
            all.map(({ text }) => text),
          );
          await logs.close();
        }),
        { numRuns: 30 },
      );
    });
  });
}
