/** What may be done to the simulated engine by hand: faults, crashes, changes that nobody recorded. */
import type { Deviation } from '../../../domain/drift/drift.ts';
import type { Instance } from '../../../domain/instance.ts';
import type { Step, StepKind } from '../../../domain/rollout/step.ts';
import type { Place, Workload } from '../../../domain/workload.ts';
import type { BelugaError } from '../../../errors.ts';
import type { Engine, RouterCounters, TaskOutcome, Usage } from '../engine.ts';

export type Call = StepKind | 'info' | 'observe' | 'task';
export type SimulatedOptions = {
  readonly ports?: { readonly first: number; readonly last: number };
  /** RFC 3339 of now, for the logs and the start of instances. */
  readonly now?: () => string;
  /** What goes wrong with a workload in a step; nothing unless said. */
  readonly behaves?: (workload: Workload, step: StepKind) => BelugaError | null;
  /** What a task answers; exit code 0 and no log unless said. */
  readonly task?: (workload: Workload, name: string) => TaskOutcome | Promise<TaskOutcome>;
};
export type Fault = {
  /** Which call fails. */
  readonly on: Call;
  /** Only when one of the step's instances, or its image, contains this text. */
  readonly matching?: string;
  readonly error: BelugaError;
  /** How often; for ever unless said. */
  readonly times?: number;
};

export type SimulatedEngine = Engine & {
  /** From now on the call fails as told. Gives a function that mends it. */
  fail(fault: Fault): () => void;
  /** The instance ends as after kill -9, and stays so. */
  kill(instance: string): void;
  /** The engine answers nothing, or answers again. */
  reachable(yes: boolean): void;
  /** Every step that was performed, in order. */
  readonly performed: readonly Step[];
  /** The instance crashed, and the engine started it again so many times. */
  crash(instance: string, times: number): void;
  /** What an instance uses from now on, what a place gets, whether an instance is alive. */
  uses(usage: Usage): void;
  gets(place: Place, traffic: Partial<RouterCounters>): void;
  deaf(instance: string, yes: boolean): void;
  /** It says that it is not ready. */
  unready(instance: string): void;
  /** Something that nobody recorded runs. */
  plant(place: Place, instance: Instance): void;
  /** Somebody changed an instance by hand; it differs as told until it is started again or gone. */
  alter(deviation: Deviation, change?: Partial<Instance>): void;
  /** Somebody took an instance away. */
  takeAway(instance: string): void;
};
