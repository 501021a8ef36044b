/** `beluga calendar window`: shows when a window would come; with --yes it is recorded. */
import type { Command } from 'commander';
import { defineEntry } from '../calendar/entry.ts';

export function define(command: Command): void {
  defineEntry(command, 'window');
}
