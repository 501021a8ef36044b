/** What the list of commands knows of each, before its file is read. */
import type { Define } from './command.ts';

export type Entry = {
  /** One word, or a noun and a verb. */
  readonly name: string;
  readonly summary: string;
  readonly group: 'The platform' | 'A component' | 'Trains' | 'What runs' | 'Who decides' | 'The record';
  readonly load: () => Promise<{ readonly define: Define }>;
};
