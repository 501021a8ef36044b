/**
 * The measured proof of a deployment: requests that a prober sent to the component's address while it was installed, and what the router
 * counted of everybody's in the same time.
 */
export type Measured = {
  readonly sent: number;
  readonly failed: number;
  /** By kind: `refused`, `reset`, `timeout`, `status-5xx`. */
  readonly failures: Readonly<Record<string, number>>;
  /** The longest time between two answers. */
  readonly longestGapMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
};

/** `before` any request moved to the new instances, `during` the shift and until the former ones had none left, `after` that. */
export type Phase = 'before' | 'during' | 'after';
/** What the router counted: requests of everybody, failed by kind: `status-5xx`, `connect`, `response`. */
export type RouterCount = { readonly requests: number; readonly failed: number; readonly failures: Readonly<Record<string, number>> };

/** The whole, and each phase of it. Ledgers that are older than the phases have none. */
export type Ledger = Measured & {
  readonly phases?: Readonly<Partial<Record<Phase, Measured>>>;
  readonly router?: RouterCount;
};

const phases: readonly Phase[] = ['before', 'during', 'after'];

/** Adds what was measured before a restart to what was measured since; of each latency the worse stays. */
export function mergeLedgers(before: Ledger | null, since: Ledger | null): Ledger | null {
  if (before === null || since === null) return before ?? since;
  const both = phases.flatMap((phase) => {
    const measured = merge(before.phases?.[phase], since.phases?.[phase]);
    return measured === undefined ? [] : [[phase, measured] as const];
  });
  const router = addCounts(before.router, since.router);
  return {
    ...merged(before, since),
    ...(both.length === 0 ? {} : { phases: Object.fromEntries(both) }),
    ...(router === undefined ? {} : { router }),
  };
}

export function addCounts(one: RouterCount | undefined, other: RouterCount | undefined): RouterCount | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    requests: one.requests + other.requests,
    failed: one.failed + other.failed,
    failures: addKinds(one.failures, other.failures),
  };
}

/** What was counted since an earlier reading; a counter that fell began anew. */
export function countedSince(earlier: RouterCount, now: RouterCount): RouterCount {
  const base = now.requests < earlier.requests ? { requests: 0, failed: 0, failures: {} } : earlier;
  const kinds = Object.entries(now.failures).map(([kind, count]) => [kind, Math.max(0, count - (base.failures[kind] ?? 0))] as const);
  return {
    requests: now.requests - base.requests,
    failed: Math.max(0, now.failed - base.failed),
    failures: Object.fromEntries(kinds.filter(([, count]) => count > 0)),
  };
}

function merge(before: Measured | undefined, since: Measured | undefined): Measured | undefined {
  return before === undefined || since === undefined ? (before ?? since) : merged(before, since);
}

function merged(before: Measured, since: Measured): Measured {
  return {
    sent: before.sent + since.sent,
    failed: before.failed + since.failed,
    failures: addKinds(before.failures, since.failures),
    longestGapMs: Math.max(before.longestGapMs, since.longestGapMs),
    p50Ms: Math.max(before.p50Ms, since.p50Ms),
    p99Ms: Math.max(before.p99Ms, since.p99Ms),
  };
}

type Kinds = Readonly<Record<string, number>>;

function addKinds(one: Kinds, other: Kinds): Kinds {
  const kinds = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...kinds].map((kind) => [kind, (one[kind] ?? 0) + (other[kind] ?? 0)]));
}
