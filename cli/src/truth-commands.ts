/** The commands that hold what is there against what is recorded. */
import type { Entry } from './command-entry.ts';

export const truthCommands: readonly Entry[] = [
  {
    name: 'drift',
    summary: 'what runs otherwise than it was recorded, and when it was put right',
    group: 'What runs',
    load: () => import('./commands/drift.ts'),
  },
  {
    name: 'drift repair',
    summary: 'puts right, once, what was only told',
    group: 'What runs',
    load: () => import('./commands/drift-repair.ts'),
  },
  {
    name: 'samples',
    summary: 'what a component did and used: requests, errors, latency, CPU, memory, instances',
    group: 'What runs',
    load: () => import('./commands/samples.ts'),
  },
  {
    name: 'clean',
    summary: 'takes off the engine what nothing needs any more',
    group: 'What runs',
    load: () => import('./commands/clean.ts'),
  },
];
