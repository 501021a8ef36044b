/** A gate's answer: open, closed or waiting, always with a reason, and with what to do where it is not open. */
export type Verdict = {
  readonly gate: string;
  /** `waiting`: time alone opens it. */
  readonly verdict: 'open' | 'closed' | 'waiting';
  readonly reason: string;
  readonly remedy: string | null;
  /** Who can do it; null where time does, or nobody has to. */
  readonly who: string | null;
  /** RFC 3339: when time alone opens it; null where time does not. */
  readonly opensAt: string | null;
};

export function opened(gate: string, reason: string): Verdict {
  return { gate, verdict: 'open', reason, remedy: null, who: null, opensAt: null };
}

export function closed(gate: string, reason: string, remedy: string, who: string): Verdict {
  return { gate, verdict: 'closed', reason, remedy, who, opensAt: null };
}

/** The verdicts with the answer of one gate in the place of what that gate said before. */
export function answeredAnew(verdicts: readonly Verdict[], answer: Verdict): readonly Verdict[] {
  return [...verdicts.filter(({ gate }) => gate !== answer.gate), answer];
}

export function isOpen(verdicts: readonly Verdict[]): boolean {
  return verdicts.every((verdict) => verdict.verdict === 'open');
}

/** Every unmet rule in one sentence. */
export function reasonOf(verdicts: readonly Verdict[]): string {
  return verdicts
    .filter((verdict) => verdict.verdict !== 'open')
    .map((verdict) => (verdict.remedy === null ? verdict.reason : `${verdict.reason} ${verdict.remedy}`))
    .join(' ');
}

/** RFC 3339: when time alone will have opened every gate; null when it does not, or all are open. */
export function opensAtOf(verdicts: readonly Verdict[]): string | null {
  const unmet = verdicts.filter((verdict) => verdict.verdict !== 'open').map(({ opensAt }) => opensAt);
  const dated = unmet.filter((opensAt) => opensAt !== null);
  return dated.length < unmet.length ? null : (dated.toSorted().at(-1) ?? null);
}
