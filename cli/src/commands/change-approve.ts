/** `beluga change approve`: says yes to the plan of a change that waits for it. */
import type { Command } from 'commander';
import { decideChange } from '../change/decide.ts';

export function define(command: Command): void {
  decideChange(command, 'approve');
}
