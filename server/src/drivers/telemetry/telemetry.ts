/** The telemetry port: what is measured from outside while a deployment moves. */
import type { Ledger, Phase } from '../../domain/ledger.ts';

/** Requests sent at a steady rate to one address, over kept connections and new ones in turn. */
export type Meter = {
  /** What is sent from now on is counted in this phase. */
  enter(phase: Phase): void;
  /** What was measured so far. */
  reading(): Ledger;
  /** Sends no more, waits for the last answers, and gives the final reading. */
  stop(): Promise<Ledger>;
};

export interface Telemetry {
  /** Starts to measure an address in a phase; `path` is what is asked for. */
  measure(address: string, path: string, phase: Phase): Meter;
}
