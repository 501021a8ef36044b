import { shortForm } from './faults/short-form.ts';

/** The shortest form of `npm run fault-matrix`: what no other suite tries, with two replicas. More stand in `faults.long.test.ts`. */
shortForm(['flapping readiness', 'dependency down', 'server killed at each step of a canary'], 2);
