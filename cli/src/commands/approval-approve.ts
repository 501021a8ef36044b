/** `beluga approval approve`: says yes to a plan that somebody else asks about. */
import type { Command } from 'commander';
import { decide } from '../deployment/decision.ts';

export function define(command: Command): void {
  decide(command, 'approved');
}
