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

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const skipped: string[] = [];
  const noise = new Map<string, string[]>();
  let failed = 0;
  for await (const event of events) {
    if (event.type === 'test:stdout' || event.type === 'test:stderr') remember(noise, event.data.file, event.data.message);
    if (event.type === 'test:pass' && isSkipped(event.data)) skipped.push(`${placeOf(event.data)} ${event.data.name}`);
    if (event.type === 'test:fail' && !isEcho(event.data)) {
      failed += 1;
      yield failureText(event.data);
    }
    if (event.type !== 'test:summary') continue;
    const { file, counts, duration_ms: durationMs, success } = event.data;
    if (file === undefined) writeTotals({ passed: counts.passed, failed, skipped });
    else yield fileLine(file, success, counts.passed, durationMs) + (success ? '' : printed(noise.get(file)));
  }
}

function remember(noise: Map<string, string[]>, file: string | undefined, message: string): void {
  const key = resolve(file ?? '');
  noise.set(key, [...(noise.get(key) ?? []), message].slice(-200));
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
