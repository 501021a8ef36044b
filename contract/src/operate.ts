/** What `beluga.yaml` says about a component while it runs, with every default filled in. */
import type { Manifest } from './manifest-schema.ts';
import type { BeforeWritten, LiveWritten, ScalingWritten } from './operate-schema.ts';
import { millisecondsOf } from './quantity.ts';

export type Live = { readonly path: string | null; readonly everyMs: number; readonly timeoutMs: number; readonly failures: number };
export type Scaling = {
  readonly cpuPercent: number | null;
  readonly memoryPercent: number | null;
  readonly requests: number | null;
  readonly concurrency: number | null;
  readonly downAfterMs: number;
  readonly upAfterMs: number;
};
export type BeforeTask = { readonly name: string; readonly command: readonly string[]; readonly deadlineMs: number };
export type Operation = {
  readonly live: Live | null;
  readonly scaling: Scaling | null;
  readonly before: readonly BeforeTask[];
  readonly repair: 'always' | 'report';
  readonly concurrency: 'allow' | 'forbid' | 'replace';
  readonly retries: number;
  readonly startWithinMs: number | null;
};

export function operationOf(run: NonNullable<Manifest['run']>): Operation {
  return {
    live: run.live === undefined ? null : liveOf(run.live),
    scaling: run.scaling === undefined ? null : scalingOf(run.scaling),
    before: (run.before ?? []).map(taskOf),
    repair: run.repair ?? 'always',
    concurrency: run.concurrency ?? 'forbid',
    retries: run.retries ?? 0,
    startWithinMs: run.startWithin === undefined ? null : millisecondsOf(run.startWithin),
  };
}

function liveOf({ path, every = '10s', timeout = '1s', failures = 3 }: LiveWritten): Live {
  return { path: path ?? null, everyMs: millisecondsOf(every), timeoutMs: millisecondsOf(timeout), failures };
}

export function scalingOf(written: ScalingWritten): Scaling {
  const share = (text: string | undefined) => (text === undefined ? null : Number(text.replace('%', '')));
  return {
    cpuPercent: share(written.cpu),
    memoryPercent: share(written.memory),
    requests: written.requests ?? null,
    concurrency: written.concurrency ?? null,
    downAfterMs: millisecondsOf(written.downAfter ?? '5m'),
    upAfterMs: millisecondsOf(written.upAfter ?? '0s'),
  };
}

function taskOf({ name, command, deadline = '10m' }: BeforeWritten[number]): BeforeTask {
  return { name, command, deadlineMs: millisecondsOf(deadline) };
}
