/** The commands that look at how it goes. */
import type { Entry } from './command-entry.ts';

export const measureCommands: readonly Entry[] = [
  {
    name: 'automation',
    summary: 'what is automated for each application system',
    group: 'The record',
    load: () => import('./commands/automation.ts'),
  },
  {
    name: 'measures',
    summary: 'how delivery goes, and where time is lost',
    group: 'The record',
    load: () => import('./commands/measures.ts'),
  },
];
