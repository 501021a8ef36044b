import { shortForm } from './faults/short-form.ts';

/** The short form of `npm run fault-matrix`: what takes something from under a rollout, with three replicas. */
shortForm(['former version broken too', 'engine restarted', 'router killed', 'server killed at each step'], 3);
