/** The readiness file: every line that the platform asks for is signed for the application system and has not expired. */
import type { GateFacts } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

export function readinessGate(facts: GateFacts): Verdict | null {
  if (!facts.settings.readinessFile) return null;
  const { lines, signed } = facts.readiness;
  const { system } = facts.release;
  const valid = signed.filter(
    ({ expiresAt }) => expiresAt === null || Temporal.Instant.compare(Temporal.Instant.from(expiresAt), facts.now) > 0,
  );
  const missing = lines.filter((line) => !valid.some((one) => one.line === line));
  if (missing.length === 0) return opened('readiness', `The readiness file of ${system} is complete.`);
  const expired = missing.filter((line) => signed.some((one) => one.line === line));
  const words = missing.map((line) => (expired.includes(line) ? `${line} (expired)` : line)).join(', ');
  const remedy = `Let whoever answers for it sign: beluga readiness sign ${system} ${missing[0]}.`;
  return closed('readiness', `The readiness file of ${system} lacks: ${words}.`, remedy, `whoever answers for ${missing.join(', ')}`);
}
