/** How something is measured: contenders take turns, so that what else the machine does meets all of them alike. */

/** The middle, the least and the most of some measurements. */
export type Figure = { readonly median: number; readonly minimum: number; readonly maximum: number };

/** What one contender did once; `sentBytes` were counted on the wire, by a proxy that all share. */
export type Run = {
  readonly scenario: string;
  readonly contender: string;
  readonly round: number;
  readonly seconds: number;
  readonly sentBytes?: number;
  readonly digest?: string;
  /** What else was measured, by name. */
  readonly values?: Readonly<Record<string, number>>;
};

type Figures = Readonly<Record<string, Figure>>;

export type Report = {
  readonly runs: readonly Run[];
  /** By scenario, then by what was measured. */
  readonly ours: Readonly<Record<string, Figures>>;
  /** By contender, then as `ours`. */
  readonly peers: Readonly<Record<string, Readonly<Record<string, Figures>>>>;
  /** Ours divided by the best of the peers; below 1 is better. */
  readonly ratio: Readonly<Record<string, { readonly value: number; readonly against: string; readonly bar?: number }>>;
  /** What was checked besides, a sentence each. */
  readonly notes: readonly string[];
};

export type Bench = {
  readonly rounds: number;
  measure(options: { readonly rounds: number; readonly say: (text: string) => void }): Promise<Report>;
};

/** Another one begins each round: whoever always came after the same would pay for what that one still cleans away. */
export function inTurn<T>(contenders: readonly T[], round: number): readonly T[] {
  const from = (round - 1) % Math.max(1, contenders.length);
  return [...contenders.slice(from), ...contenders.slice(0, from)];
}

export function figureOf(values: readonly number[]): Figure {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
  return { median, minimum: sorted[0] ?? Number.NaN, maximum: sorted.at(-1) ?? Number.NaN };
}

/** The figures of the runs of one contender, by scenario. */
export function figuresOf(runs: readonly Run[], contender: string): Readonly<Record<string, Figures>> {
  const own = runs.filter((run) => run.contender === contender);
  const scenarios = [...new Set(own.map((run) => run.scenario))];
  return Object.fromEntries(
    scenarios.map((scenario) => {
      const some = own.filter((run) => run.scenario === scenario);
      const bytes = some.flatMap((run) => (run.sentBytes === undefined ? [] : [run.sentBytes]));
      const seconds = { seconds: figureOf(some.map((run) => run.seconds)) };
      const named = namedFigures(some);
      return [scenario, bytes.length === 0 ? { ...seconds, ...named } : { ...seconds, sentBytes: figureOf(bytes), ...named }];
    }),
  );
}

function namedFigures(runs: readonly Run[]): Figures {
  const names = Object.keys(runs[0]?.values ?? {});
  return Object.fromEntries(
    names.map((what): [string, Figure] => [what, figureOf(runs.map(({ values }) => values?.[what] ?? Number.NaN))]),
  );
}

/** Ours against the peer that is best at it. */
export function ratioTo(
  ours: number,
  peers: Readonly<Record<string, number>>,
  bar?: number,
): { readonly value: number; readonly against: string; readonly bar?: number } {
  const [against = 'nobody', best = Number.NaN] = Object.entries(peers).toSorted(([, a], [, b]) => a - b)[0] ?? [];
  return { value: Math.round((ours / best) * 1000) / 1000, against, ...(bar === undefined ? {} : { bar }) };
}
