/**
 * The gates of a deployment: one pure function for API, CLI, console, GitLab, the dry run and the reconciler.
 *
 * It answers with every verdict, met or not, so that nobody learns the second obstacle after clearing the first. It is asked when
 * the deployment is requested, again when it starts, and again before each irreversible step.
 */
import { approvalGate } from './approval.ts';
import { calendarGate } from './calendar.ts';
import { capacityGate } from './capacity.ts';
import { dependencyGate } from './dependencies.ts';
import { evidenceGate, provenanceGate, signatureGate } from './evidence.ts';
import type { GateFacts } from './facts.ts';
import { orderGate } from './order.ts';
import { overridden } from './override.ts';
import { readinessGate } from './readiness.ts';
import { slotGate } from './slot.ts';
import { soakGate } from './soak.ts';
import { socleGate } from './socle.ts';
import { stopGate } from './stop.ts';
import { trainGate } from './train.ts';
import type { Verdict } from './verdict.ts';
import { vulnerabilityGate } from './vulnerabilities.ts';
import { zeroDowntimeGate } from './zero-downtime.ts';

/** A gate gives null where the environment does not ask for what it guards. */
type Gate = {
  readonly ask: (facts: GateFacts) => Verdict | null;
  /** A rollback brings back what served before: it is held up only by what could make things worse. */
  readonly rollback: boolean;
  /** Two people may answer for passing it closed. */
  readonly overridable: boolean;
};

const gates: readonly Gate[] = [
  { ask: stopGate, rollback: true, overridable: false },
  { ask: orderGate, rollback: true, overridable: false },
  { ask: soakGate, rollback: false, overridable: true },
  { ask: slotGate, rollback: false, overridable: true },
  { ask: evidenceGate, rollback: false, overridable: true },
  { ask: vulnerabilityGate, rollback: false, overridable: true },
  { ask: signatureGate, rollback: false, overridable: true },
  { ask: provenanceGate, rollback: false, overridable: true },
  { ask: socleGate, rollback: false, overridable: true },
  { ask: readinessGate, rollback: false, overridable: true },
  { ask: zeroDowntimeGate, rollback: false, overridable: true },
  { ask: dependencyGate, rollback: true, overridable: true },
  { ask: trainGate, rollback: false, overridable: true },
  { ask: capacityGate, rollback: false, overridable: true },
  { ask: calendarGate, rollback: true, overridable: true },
  { ask: approvalGate, rollback: false, overridable: true },
];

export function evaluateGates(facts: GateFacts): readonly Verdict[] {
  const { override } = facts;
  return gates
    .filter(({ rollback }) => rollback || facts.purpose === 'deploy')
    .flatMap(({ ask, overridable }) => {
      const verdict = ask(facts);
      if (verdict === null) return [];
      return overridable && override !== null && verdict.verdict !== 'open' ? [overridden(verdict, override)] : [verdict];
    });
}
