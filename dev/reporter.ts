/**
 * A reporter for node's test runner: a line for each file, failures in full, and at the end the totals as JSON in the file that
 * BELUGA_TEST_TOTALS names, for `dev/test.ts` to add up.
 */
import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';

export type Totals = { readonly passed: number; readonly failed: number; readonly skipped: readonly string[] };
type Outcome = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>['data'];
type Summary = Extract<TestEvent, { type: 'test:summary' }>['data'];

/** What was seen so far. */
type Seen = { failed: number; readonly skipped: string[]; readonly noise: Map<string, string[]> };

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const seen: Seen = { failed: 0, skipped: [], noise: new Map() };
  for await (const event of events) yield tell(event, seen);
}

function tell(event: TestEvent, seen: Seen): string {
  switch (event.type) {
    case 'test:stdout':
    case 'test:stderr':
      return remember(seen.noise, event.data.file, event.data.message);
    case 'test:pass':
      if (isSkipped(event.data)) seen.skipped.push(`${placeOf(event.data)} ${event.data.name}`);
      return '';
    case 'test:fail':
      return tellFailure(event.data, seen);
    case 'test:summary':
      return tellSummary(event.data, seen);
    default:
      return '';
  }
}

function tellFailure(outcome: Outcome, seen: Seen): string {
  if (isEcho(outcome)) return '';
  seen.failed += 1;
  return failureText(outcome);
}

function tellSummary({ file, counts, duration_ms: durationMs, success }: Summary, { failed, skipped, noise }: Seen): string {
  if (file !== undefined) return fileLine(file, success, counts.passed, durationMs) + (success ? '' : printed(noise.get(file)));
  writeTotals({ passed: counts.passed, failed, skipped });
  return '';
}

function remember(noise: Map<string, string[]>, file: string | undefined, message: string): string {
  const key = resolve(file ?? '');
  noise.set(key, [...(noise.get(key) ?? []), message].slice(-200));
  return '';
}

function isSkipped(outcome: Outcome): boolean {
  return (outcome.skip !== undefined && outcome.skip !== false) || (outcome.todo !== undefined && outcome.todo !== false);
}

/** A suite fails when a test in it does; that is told once, by the test. */
function isEcho(outcome: Outcome): boolean {
  const { error } = outcome.details as { error?: { failureType?: string } };
  return error?.failureType === 'subtestsFailed';
}

function failureText(outcome: Outcome): string {
  const { error } = outcome.details as { error?: Error };
  const text = inspect(error?.cause ?? error, { depth: 4 }).replace(/^ +at .*node:internal.*\n/gm, '');
  return `FAIL ${placeOf(outcome)} ${outcome.name}\n${indented(text)}\n`;
}

function printed(noise: readonly string[] | undefined): string {
  return noise === undefined ? '' : `     it printed:\n${indented(noise.join('').trimEnd())}\n`;
}

function fileLine(file: string, success: boolean, passed: number, durationMs: number): string {
  return `${success ? 'ok  ' : 'FAIL'} ${relative(process.cwd(), file)}  ${passed} passed  ${(durationMs / 1000).toFixed(1)} s\n`;
}

function placeOf(outcome: Outcome): string {
  return `${relative(process.cwd(), outcome.file ?? '?')}:${outcome.line ?? 1}`;
}

function indented(text: string): string {
  return text.replace(/^/gm, '     ');
}

function writeTotals(totals: Totals): void {
  const file = process.env['BELUGA_TEST_TOTALS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(totals));
}
