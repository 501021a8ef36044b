/**
 * The slot: a release that is proving itself in this environment for the next one is not replaced by a newer one before it has.
 *
 * Without it a component that is built two hundred times a day never soaks. It is asked before a start, and not of what mends an incident.
 */

import { stamp } from '../stamp.ts';
import { type GateFacts, nameOf, type SlotFacts } from './facts.ts';
import { missingWork, spanOf } from './soak.ts';
import { opened, type Verdict } from './verdict.ts';

export function slotGate(facts: GateFacts): Verdict | null {
  const { slot, moment, incident, environment, now } = facts;
  if (slot === null || moment === 'moving') return null;
  const soaking = nameOf(slot);
  if (incident !== null) return opened('slot', `It mends incident ${incident}, for which ${soaking} makes room.`);
  const missingMs = Math.max(0, slot.wanted.forMs - slot.soak.residedMs);
  const work = missingWork(slot.release, slot.wanted, slot.soak);
  if (missingMs === 0 && work === null) return opened('slot', `${soaking} has proven itself in ${environment}.`);
  const reason = `${soaking} is proving itself in ${environment} for ${slot.to}: ${lacksOf(slot, missingMs, work)}.`;
  const remedy = 'Let it wait with --wait-for-gates, or replace what soaks, which then begins anew, with --replace-soaking.';
  const opensAt = work === null ? stamp(now.add({ milliseconds: missingMs })) : null;
  return { gate: 'slot', verdict: opensAt === null ? 'closed' : 'waiting', reason, remedy, who: 'whoever ships the component', opensAt };
}

function lacksOf({ wanted, soak }: SlotFacts, missingMs: number, work: string | null): string {
  const time = missingMs === 0 ? null : `${spanOf(wanted.forMs)} are asked for, and it has been there ${spanOf(soak.residedMs)}`;
  return [time, work].filter((part) => part !== null).join('; ');
}
