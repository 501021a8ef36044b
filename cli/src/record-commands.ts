/** The commands of deployments, changes and publications as they are kept. */
import type { Entry } from './command-entry.ts';

export const recordCommands: readonly Entry[] = [
  {
    name: 'deployment show',
    summary: 'a deployment: how it ended, what its gates said, its steps',
    group: 'The record',
    load: () => import('./commands/deployment-show.ts'),
  },
  {
    name: 'changes',
    summary: 'the changes of production, the newest first',
    group: 'The record',
    load: () => import('./commands/changes.ts'),
  },
  {
    name: 'change show',
    summary: 'a change with its facts: what, why, risk, rollback plan, proof',
    group: 'The record',
    load: () => import('./commands/change-show.ts'),
  },
  {
    name: 'change approve',
    summary: 'says yes to the plan of a change that waits for it',
    group: 'Who decides',
    load: () => import('./commands/change-approve.ts'),
  },
  {
    name: 'change refuse',
    summary: 'says no to it; its deployment ends',
    group: 'Who decides',
    load: () => import('./commands/change-refuse.ts'),
  },
  {
    name: 'change cancel',
    summary: 'calls a change off, and with it its deployment',
    group: 'Who decides',
    load: () => import('./commands/change-cancel.ts'),
  },
  {
    name: 'change review',
    summary: 'looks back at a change that has ended, once',
    group: 'The record',
    load: () => import('./commands/change-review.ts'),
  },
  {
    name: 'publication show',
    summary: 'what an installation in production changed, to be read',
    group: 'The record',
    load: () => import('./commands/publication-show.ts'),
  },
  {
    name: 'publication page',
    summary: 'what was installed of a system, or by a train, on one page',
    group: 'The record',
    load: () => import('./commands/publication-page.ts'),
  },
  {
    name: 'publication feed',
    summary: 'installations in production, as an Atom feed',
    group: 'The record',
    load: () => import('./commands/publication-feed.ts'),
  },
];
