/** What every part of the journey is given: steps that are named and timed, the commands of Beluga, the load, the run's versions. */
import type { Io } from '../output/io.ts';
import { runBeluga, type Said, type Words } from './beluga-command.ts';
import type { Reading } from './load/reading.ts';

export type Step = {
  readonly name: string;
  readonly state: 'succeeded' | 'failed';
  readonly seconds: number;
  /** What users saw meanwhile, where there was load. */
  readonly ledger: Reading | null;
};

export type Stage = {
  readonly io: Io;
  /** The state folder. */
  readonly home: string;
  /** Does one step; a failure is told, kept, and ends the journey. */
  step<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
  /** Runs a command of Beluga as a person would type it, and gives what it said. */
  beluga<Result>(...words: Words): Promise<Said<Result>>;
  readonly steps: readonly Step[];
  /** Measures each step from now on with this; null for no more. */
  measureWith(mark: (() => Promise<Reading>) | null): void;
};

/** A step did not do what the journey promises. */
export class NotAsPromised extends Error {
  readonly remedy: string;

  constructor(sentence: string, remedy: string | null = null) {
    super(sentence);
    this.name = 'NotAsPromised';
    this.remedy = remedy ?? '`beluga status` tells what runs, `beluga deployments` why; `beluga demo` starts afresh.';
  }
}

/** Refuses what is not so. */
export function promise(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new NotAsPromised(sentence);
}

export function createStage(io: Io, home: string): Stage {
  const steps: Step[] = [];
  let mark: (() => Promise<Reading>) | null = null;
  const close = async (name: string, startedMs: number, state: Step['state']): Promise<void> => {
    const ledger = (await mark?.()) ?? null;
    const step = { name, state, seconds: Math.round((performance.now() - startedMs) / 100) / 10, ledger };
    steps.push(step);
    io.event({ type: 'demo.step.ended', ...step });
  };
  return {
    io,
    home,
    steps,
    step: async (name, work) => {
      const startedMs = performance.now();
      io.event({ type: 'demo.step.started', name });
      try {
        const result = await io.progress.during(name, work);
        await close(name, startedMs, 'succeeded');
        return result;
      } catch (error) {
        await close(name, startedMs, 'failed');
        throw error;
      }
    },
    beluga: (...words) => runBeluga(io, words),
    measureWith: (next) => {
      mark = next;
    },
  };
}
