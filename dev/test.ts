/**
 * `npm test`: installs what the tests still need, checks the code, then runs every test, two files at a time: first those of the code,
 * then those that start an engine of their own (`*.engine.test.ts`). Nothing is skipped in silence.
 *
 * `npm test -- server/src/store` runs only the files under the paths named; `--bail-out` is not there on purpose. `npm run test:long`
 * runs those that take minutes (`*.long.test.ts`); `.ci/run` runs a part of them too.
 */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildConsole } from './build-console.ts';
import { check } from './check.ts';
import type { Totals } from './reporter.ts';
import { setUp } from './set-up.ts';
import { shown } from './spawned.ts';

type Phase = {
  readonly name: string;
  readonly files: readonly string[];
  readonly concurrency: number;
  readonly oneTestMs: number;
  readonly timeoutMs: number;
};

const checkout = fileURLToPath(new URL('..', import.meta.url));
const folders = ['contract', 'oci', 'server', 'cli', 'web', 'dev', 'bench'];
const oneTestMs = 120_000;
const oneLongTestMs = 600_000;

process.chdir(checkout);
process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;

async function main(words: readonly string[]): Promise<boolean> {
  const startedAt = performance.now();
  const only = words.filter((word) => word !== '--long');
  const long = words.includes('--long');
  const ready = await phase('set-up', async () => (await setUp()) && (await setUpConsole()));
  const clean = long || only.length > 0 || (await phase('check', check));
  const totals: Totals[] = [];
  for (const one of phasesOf(only, long)) {
    await phase(one.name, async () => {
      const total = await runTests(one);
      totals.push(total);
      return total.failed === 0;
    });
  }
  return close({ ready, clean, totals, seconds: secondsSince(startedAt) });
}

async function setUpConsole(): Promise<boolean> {
  try {
    const seconds = await buildConsole();
    process.stdout.write(seconds === null ? '    the console is as its sources\n' : `    built the console in ${seconds.toFixed(1)} s\n`);
    return true;
  } catch (error) {
    process.stdout.write(`FAIL the console cannot be built: ${String(error)}\n`);
    return false;
  }
}

function phasesOf(only: readonly string[], long: boolean): readonly Phase[] {
  const files = globSync(folders.map((folder) => `${folder}/**/*.test.ts`)).filter((file) => !file.includes('node_modules'));
  const chosen = files.filter((file) => only.length === 0 || only.some((path) => file.startsWith(path))).toSorted();
  const isEngine = (file: string): boolean => file.endsWith('.engine.test.ts');
  const isLong = (file: string): boolean => file.endsWith('.long.test.ts');
  const phases: readonly Phase[] = long
    ? [{ name: 'long tests', files: chosen.filter(isLong), concurrency: 2, oneTestMs: oneLongTestMs, timeoutMs: 2_400_000 }]
    : [
        { name: 'tests', files: chosen.filter((file) => !isEngine(file) && !isLong(file)), concurrency: 2, oneTestMs, timeoutMs: 600_000 },
        { name: 'engine tests', files: chosen.filter(isEngine), concurrency: 2, oneTestMs, timeoutMs: 600_000 },
      ];
  return phases.filter(({ files: some }) => some.length > 0);
}

async function runTests({ files, concurrency, oneTestMs: each, timeoutMs }: Phase): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), 'beluga-tests-'));
  const totalsFile = join(folder, 'totals.json');
  process.env['BELUGA_TEST_TOTALS'] = totalsFile;
  const words = [
    '--test',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${each}`,
    '--test-reporter=./dev/reporter.ts',
    '--test-reporter-destination=stdout',
    ...files,
  ];
  const exitCode = await shown(process.execPath, words, checkout, timeoutMs);
  const totals = readTotals(totalsFile, exitCode, timeoutMs);
  rmSync(folder, { recursive: true });
  return totals;
}

function readTotals(file: string, exitCode: number, timeoutMs: number): Totals {
  try {
    const totals = JSON.parse(readFileSync(file, 'utf8')) as Totals;
    return exitCode !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
  } catch {
    const why = exitCode === 124 ? `took longer than ${timeoutMs / 1000} s and was stopped` : `ended with code ${exitCode}`;
    process.stdout.write(`FAIL the test runner ${why} before it could give totals\n`);
    return { passed: 0, failed: 1, skipped: [] };
  }
}

async function phase(name: string, work: () => Promise<boolean>): Promise<boolean> {
  const startedAt = performance.now();
  process.stdout.write(`\n== ${name}\n`);
  const good = await work();
  process.stdout.write(`== ${name}: ${good ? 'good' : 'NOT good'} after ${secondsSince(startedAt)} s\n`);
  return good;
}

type Result = { readonly ready: boolean; readonly clean: boolean; readonly totals: readonly Totals[]; readonly seconds: string };

function close({ ready, clean, totals, seconds }: Result): boolean {
  const passed = totals.reduce((sum, total) => sum + total.passed, 0);
  const skipped = totals.flatMap((total) => total.skipped);
  const failed = totals.reduce((sum, total) => sum + total.failed, 0) + skipped.length + (ready ? 0 : 1) + (clean ? 0 : 1);
  for (const title of skipped) process.stdout.write(`FAIL ${title}: skipped; a test runs or is removed\n`);
  if (!ready) process.stdout.write('FAIL set-up: see above\n');
  if (!clean) process.stdout.write('FAIL check: see above\n');
  process.stdout.write(`\ntook ${seconds} s\n${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0;
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}
