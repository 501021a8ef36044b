/** `beluga change refuse`: says no to the plan of a change that waits for approval. */
import type { Command } from 'commander';
import { decideChange } from '../change/decide.ts';

export function define(command: Command): void {
  decideChange(command, 'refuse');
}
