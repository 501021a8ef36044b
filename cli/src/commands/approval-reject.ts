/** `beluga approval reject`: says no to a plan that somebody else asks about. */
import type { Command } from 'commander';
import { decide } from '../deployment/decision.ts';

export function define(command: Command): void {
  decide(command, 'rejected');
}
