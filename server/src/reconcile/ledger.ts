/** Keeps the ledger of a deployment: measures its address while it moves, and survives a restart of the server. */
import type { Context } from '../actions/context.ts';
import { addCounts, countedSince, type Ledger, mergeLedgers, type Phase, type RouterCount } from '../domain/ledger.ts';
import type { Workload } from '../domain/workload.ts';
import type { Meter } from '../drivers/telemetry/telemetry.ts';

export type LedgerKeeper = {
  /** What is measured from now on belongs to this phase; the first time it begins. A job has no address and nothing to measure. */
  enter(phase: Phase): Promise<void>;
  /** Writes down what was measured so far. */
  save(): Promise<void>;
  /** Measures no more and gives all of it; null when nothing was measured. */
  close(): Promise<Ledger | null>;
};

/** So long at least, so that also an installation without a former release is measured by some requests. */
const leastMs = 500;

export function keepLedger(context: Context, workload: Workload, deploymentId: string, before: Ledger | null): LedgerKeeper {
  let meter: Meter | null = null;
  let phase: Phase | null = null;
  let final: Ledger | null = null;
  let enoughAt = context.now();
  const router = countRouter(context, workload);
  const measured = (reading: Ledger | null) => mergeLedgers(before, reading === null ? null : { ...reading, ...router.counted() });
  return {
    async enter(next) {
      if (workload.kind === 'Job' || phase === next) return;
      phase = next;
      enoughAt = context.now().add({ milliseconds: leastMs });
      await router.read();
      if (meter === null) meter = context.telemetry.measure(await context.engine.address(workload), workload.health.path ?? '/', next);
      else meter.enter(next);
    },
    async save() {
      await router.read();
      const ledger = measured(meter?.reading() ?? null);
      if (ledger !== null) await context.store.deployments.saveLedger(deploymentId, ledger);
    },
    async close() {
      if (meter !== null) {
        await context.pause(Math.max(0, enoughAt.epochMilliseconds - context.now().epochMilliseconds));
        final = await meter.stop();
        await router.read();
      }
      meter = null;
      return measured(final);
    },
  };
}

type RouterCounting = { read(): Promise<void>; counted(): { readonly router?: RouterCount } };

/** Adds up what the router counts, from the first reading on; one that does not answer is asked again the next time. */
function countRouter(context: Context, workload: Workload): RouterCounting {
  let last: RouterCount | null = null;
  let sum: RouterCount | undefined;
  return {
    async read() {
      const now = await context.engine.counters(workload).catch(() => null);
      if (now === null) return;
      if (last !== null) sum = addCounts(sum, countedSince(last, now));
      last = now;
    },
    counted: () => (sum === undefined ? {} : { router: sum }),
  };
}
