/** The demo: goes the journey, ends the load whatever happens, and tells what held. */
import { exitCodes } from '../exit-code.ts';
import type { Io } from '../output/io.ts';
import { problemOf } from '../output/problem.ts';
import { renderTable } from '../output/table.ts';
import { plainText } from '../output/text.ts';
import { travel } from './journey.ts';
import type { Load } from './load/load.ts';
import type { Reading } from './load/reading.ts';
import { createStage, NotAsPromised, type Step } from './stage.ts';

/** The last event of the demo; other programs rely on it. */
type Finished = {
  readonly type: 'demo.finished';
  readonly state: 'succeeded' | 'failed';
  readonly ledger: { readonly sent: number; readonly failed: number; readonly longestGapMs: number };
  readonly steps: readonly { readonly name: string; readonly state: string; readonly seconds: number }[];
};
export type Surroundings = { readonly home: string; readonly socket: () => Promise<string> };

/** Runs the demo and gives the exit code: 0 only if every promise held and no request failed. */
export async function demo(io: Io, { home, socket }: Surroundings): Promise<number> {
  const startedMs = performance.now();
  const stage = createStage(io, home);
  let load: Load | null = null;
  let addresses: Readonly<Record<string, string>> = {};
  let broken: NotAsPromised | null = null;
  try {
    addresses = await travel(stage, socket, (started) => {
      load = started;
    });
  } catch (error) {
    broken = promiseBrokenBy(error);
  }
  const ledger = await totalOf(load);
  broken ??= lossIn(ledger);
  const finished = finishedOf(stage.steps, ledger, broken);
  const link = await stage.beluga<{ readonly url: string }>('open').catch(() => null);
  io.show(finished, () => summary(stage.steps, ledger, addresses, link?.result?.url ?? null, (performance.now() - startedMs) / 1000));
  if (broken !== null) io.progress.say(`beluga: ${plainText(broken.message)}\n  Remedy: ${plainText(broken.remedy)}`);
  return broken === null ? exitCodes.done : exitCodes.error;
}

const nothing: Reading = { sent: 0, failed: 0, failures: {}, longestGapMs: 0, p50Ms: 0, p99Ms: 0 };

async function totalOf(load: Load | null): Promise<Reading> {
  return load === null ? nothing : load.stop().catch(() => ({ ...nothing, failed: 1, failures: { 'generator-ended': 1 } }));
}

function finishedOf(steps: readonly Step[], { sent, failed, longestGapMs }: Reading, broken: NotAsPromised | null): Finished {
  return {
    type: 'demo.finished',
    state: broken === null ? 'succeeded' : 'failed',
    ledger: { sent, failed, longestGapMs },
    steps: steps.map(({ name, state, seconds }) => ({ name, state, seconds })),
  };
}

function summary(
  steps: readonly Step[],
  whole: Reading,
  addresses: Readonly<Record<string, string>>,
  link: string | null,
  seconds: number,
): string {
  const rows = [...steps, { name: 'in all', state: '', seconds: Math.round(seconds), ledger: whole }];
  const table = renderTable<(typeof rows)[number]>(
    [
      { title: 'STEP', cell: ({ name }) => name },
      { title: 'STATE', cell: ({ state }) => state },
      { title: 'SECONDS', cell: (row) => row.seconds, right: true },
      { title: 'REQUESTS', cell: ({ ledger }) => ledger?.sent ?? null, right: true },
      { title: 'FAILED', cell: ({ ledger }) => ledger?.failed ?? null, right: true },
      { title: 'LONGEST GAP', cell: ({ ledger }) => (ledger === null ? null : `${ledger.longestGapMs} ms`), right: true },
      { title: 'P50', cell: ({ ledger }) => (ledger === null ? null : `${ledger.p50Ms} ms`), right: true },
      { title: 'P99', cell: ({ ledger }) => (ledger === null ? null : `${ledger.p99Ms} ms`), right: true },
    ],
    rows,
  );
  const lines = Object.entries(addresses).map(([component, address]) => `  ${component.padEnd(16)} ${address}`);
  const seen = link === null ? [] : ['Look at it (the link signs in once; beluga open makes another):', `  ${link}`];
  return ['', table, '', ...(lines.length === 0 ? [] : ['In production:', ...lines]), ...seen].join('\n');
}

function promiseBrokenBy(error: unknown): NotAsPromised {
  if (error instanceof NotAsPromised) return error;
  const { detail, remedy } = problemOf(error);
  return new NotAsPromised(detail, remedy);
}

function lossIn({ sent, failed, failures }: Reading): NotAsPromised | null {
  if (failed === 0) return null;
  const kinds = Object.entries(failures).map(([kind, count]) => `${count} ${kind}`);
  return new NotAsPromised(`${failed} of ${sent} requests failed: ${kinds.join(', ')}.`);
}
