/** `beluga calendar freeze`: shows when a freeze would come and what it would hold up; with --yes it is recorded. */
import type { Command } from 'commander';
import { defineEntry } from '../calendar/entry.ts';

export function define(command: Command): void {
  defineEntry(command, 'freeze');
}
