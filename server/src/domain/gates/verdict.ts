/** A gate's answer: open, closed or waiting, always with a reason, and with what to do where it is not open. */
export type Verdict = {
  readonly gate: string;
  readonly verdict: 'open' | 'closed' | 'waiting';
  readonly reason: string;
  readonly remedy: string | null;
  /** RFC 3339: when time alone opens it; null where time does not. */
  readonly opensAt: string | null;
};

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
