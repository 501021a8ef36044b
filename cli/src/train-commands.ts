/** The commands of release trains. */
import type { Entry } from './command-entry.ts';

export const trainCommands: readonly Entry[] = [
  {
    name: 'train list',
    summary: 'release trains, the next to depart first',
    group: 'Trains',
    load: () => import('./commands/train-list.ts'),
  },
  {
    name: 'train show',
    summary: 'what a train carries, and what still stands in its way',
    group: 'Trains',
    load: () => import('./commands/train-show.ts'),
  },
  {
    name: 'train create',
    summary: 'makes a train with its dates',
    group: 'Trains',
    load: () => import('./commands/train-create.ts'),
  },
  {
    name: 'train add',
    summary: 'puts a release on a train',
    group: 'Trains',
    load: async () => ({ define: (await import('./commands/train-members.ts')).add }),
  },
  {
    name: 'train remove',
    summary: 'takes a component off a train',
    group: 'Trains',
    load: async () => ({ define: (await import('./commands/train-members.ts')).remove }),
  },
  {
    name: 'train lock',
    summary: 'closes the doors of a train whose releases fit together',
    group: 'Trains',
    load: async () => ({ define: (await import('./commands/train-doors.ts')).lock }),
  },
  {
    name: 'train reopen',
    summary: 'lets releases on again',
    group: 'Trains',
    load: async () => ({ define: (await import('./commands/train-doors.ts')).reopen }),
  },
  {
    name: 'train cancel',
    summary: 'gives a train up',
    group: 'Trains',
    load: async () => ({ define: (await import('./commands/train-doors.ts')).cancel }),
  },
  {
    name: 'train approve',
    summary: 'says yes to the plans of all releases on a train',
    group: 'Trains',
    load: () => import('./commands/train-approve.ts'),
  },
  {
    name: 'train rehearse',
    summary: 'installs a train in the environment before the last, as one',
    group: 'Trains',
    load: async () => ({ define: (await import('./commands/train-move.ts')).rehearse }),
  },
  {
    name: 'train depart',
    summary: 'installs a train in the last environment, as one',
    group: 'Trains',
    load: async () => ({ define: (await import('./commands/train-move.ts')).depart }),
  },
  {
    name: 'train rollback',
    summary: 'takes a train back, as one',
    group: 'Trains',
    load: async () => ({ define: (await import('./commands/train-move.ts')).rollback }),
  },
];
