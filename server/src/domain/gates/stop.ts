/** The stop button: nothing starts anywhere while it is pressed; what moves already is carried through. */
import type { GateFacts } from './facts.ts';
import { closed, type Verdict } from './verdict.ts';

export function stopGate({ stop, moment, purpose, incident }: GateFacts): Verdict | null {
  if (stop === null || moment === 'moving') return null;
  // Whoever presses it often does so because of an incident: going back must not need the line to move again.
  if (purpose === 'rollback' && incident !== null) return null;
  const reason = `${stop.by} stopped the line at ${stop.at}: ${stop.reason.replace(/\.$/, '')}.`;
  const remedy = 'Ask again after `beluga resume`; a rollback that names its incident starts all the same.';
  return closed('stop', reason, remedy, 'whoever may resume the line');
}
