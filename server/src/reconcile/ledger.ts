/** Keeps the ledger of a deployment: measures its address while it moves, and survives a restart of the server. */
import type { Context } from '../actions/context.ts';
import { type Ledger, mergeLedgers } from '../domain/deployment.ts';
import type { Workload } from '../domain/workload.ts';
import type { Meter } from '../drivers/telemetry/telemetry.ts';

export type LedgerKeeper = {
  /** Starts to measure, once. A job has no address and nothing to measure. */
  begin(): Promise<void>;
  /** Writes down what was measured so far. */
  save(): Promise<void>;
  /** Measures no more and gives all of it; null when nothing was measured. */
  close(): Promise<Ledger | null>;
};

/** So long at least, so that also an installation without a former release is measured by some requests. */
const leastMs = 500;

export function keepLedger(context: Context, workload: Workload, deploymentId: string, before: Ledger | null): LedgerKeeper {
  let meter: Meter | null = null;
  let final: Ledger | null = null;
  let enoughAt = context.now();
  return {
    async begin() {
      if (workload.kind === 'Job' || meter !== null) return;
      enoughAt = context.now().add({ milliseconds: leastMs });
      meter = context.telemetry.measure(await context.engine.address(workload), workload.health.path ?? '/');
    },
    async save() {
      const ledger = mergeLedgers(before, meter?.reading() ?? null);
      if (ledger !== null) await context.store.deployments.saveLedger(deploymentId, ledger);
    },
    async close() {
      if (meter !== null) {
        await context.pause(Math.max(0, enoughAt.epochMilliseconds - context.now().epochMilliseconds));
        final = await meter.stop();
      }
      meter = null;
      return mergeLedgers(before, final);
    },
  };
}
