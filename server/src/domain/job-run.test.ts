import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { latestDue } from './job-run.ts';

const at = (text: string) => Temporal.Instant.from(text);
const due = (cron: string, since: string, now: string, zone = 'Europe/Paris') =>
  latestDue(cron, zone, at(since), at(now))?.toString() ?? null;

describe('a schedule', () => {
  it('is due at its minute and not before', () => {
    assert.equal(due('30 6 * * *', '2026-11-20T00:00:00Z', '2026-11-20T05:29:59Z'), null);
    assert.equal(due('30 6 * * *', '2026-11-20T00:00:00Z', '2026-11-20T05:30:00Z'), '2026-11-20T05:30:00Z');
  });

  it('is due once: what was recorded is not due again', () => {
    assert.equal(due('30 6 * * *', '2026-11-20T05:30:00Z', '2026-11-20T05:30:30Z'), null);
  });

  it('makes up for runs missed while nobody could start them once, by the latest', () => {
    assert.equal(due('*/10 * * * *', '2026-11-20T08:00:00Z', '2026-11-20T11:07:00Z'), '2026-11-20T11:00:00Z');
  });

  it('follows the clocks of its zone through both nights on which they change', () => {
    assert.equal(due('0 4 * * *', '2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z'), '2026-03-29T02:00:00Z');
    assert.equal(due('0 4 * * *', '2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z'), '2026-10-25T03:00:00Z');
  });

  it('of an hour that is there twice runs once in that night', () => {
    const seen = new Set<string>();
    let since = '2026-10-24T12:00:00Z';
    for (
      let now = at('2026-10-24T20:00:00Z');
      Temporal.Instant.compare(now, at('2026-10-25T06:00:00Z')) < 0;
      now = now.add({ minutes: 1 })
    ) {
      const next = due('30 2 * * *', since, now.toString());
      if (next === null) continue;
      seen.add(next);
      since = next;
    }
    assert.equal(seen.size, 1, [...seen].join(', '));
  });
});
