/** Every command with its one-line summary; its file is read only when it is called. */
import type { Define } from './command.ts';

export type Entry = {
  /** One word, or a noun and a verb. */
  readonly name: string;
  readonly summary: string;
  readonly group: 'The platform' | 'A component' | 'What runs' | 'The record';
  readonly load: () => Promise<{ readonly define: Define }>;
};

export const commandTable: readonly Entry[] = [
  {
    name: 'demo',
    summary: 'ships an insurance system through every stage under load',
    group: 'The platform',
    load: () => import('./commands/demo.ts'),
  },
  { name: 'up', summary: 'sets this machine up and starts the platform', group: 'The platform', load: () => import('./commands/up.ts') },
  {
    name: 'down',
    summary: 'stops the platform; data and releases are kept',
    group: 'The platform',
    load: () => import('./commands/down.ts'),
  },
  { name: 'status', summary: 'what runs where', group: 'The platform', load: () => import('./commands/status.ts') },
  {
    name: 'doctor',
    summary: 'what this machine lacks; changes nothing',
    group: 'The platform',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'platform check',
    summary: 'whether a platform.yaml is right; needs no server',
    group: 'The platform',
    load: () => import('./commands/platform-check.ts'),
  },
  { name: 'init', summary: 'writes a beluga.yaml for this folder', group: 'A component', load: () => import('./commands/init.ts') },
  {
    name: 'ship',
    summary: 'build, release, deploy to the first environment',
    group: 'A component',
    load: () => import('./commands/ship.ts'),
  },
  {
    name: 'build',
    summary: 'makes the image of a component and pushes it',
    group: 'A component',
    load: () => import('./commands/build.ts'),
  },
  {
    name: 'release',
    summary: 'builds, then registers an immutable release',
    group: 'A component',
    load: () => import('./commands/release.ts'),
  },
  {
    name: 'release show',
    summary: 'one release: what it is and whether it conforms',
    group: 'A component',
    load: () => import('./commands/release-show.ts'),
  },
  { name: 'deploy', summary: 'installs a release in an environment', group: 'A component', load: () => import('./commands/deploy.ts') },
  { name: 'plan', summary: 'what a deployment would do', group: 'A component', load: () => import('./commands/plan.ts') },
  {
    name: 'can-i-deploy',
    summary: 'whether a release may go to an environment, and why not',
    group: 'A component',
    load: () => import('./commands/can-i-deploy.ts'),
  },
  { name: 'rollback', summary: 'installs the former release again', group: 'A component', load: () => import('./commands/rollback.ts') },
  {
    name: 'cancel',
    summary: 'ends a deployment; what served still serves',
    group: 'A component',
    load: () => import('./commands/cancel.ts'),
  },
  { name: 'instances', summary: 'the instances of a component', group: 'What runs', load: () => import('./commands/instances.ts') },
  { name: 'logs', summary: 'the log of a component, all instances merged', group: 'What runs', load: () => import('./commands/logs.ts') },
  {
    name: 'config',
    summary: 'the configuration of a component, with its origins',
    group: 'What runs',
    load: () => import('./commands/config.ts'),
  },
  { name: 'runs', summary: 'the runs of a job', group: 'What runs', load: () => import('./commands/runs.ts') },
  { name: 'run', summary: 'runs a job now', group: 'What runs', load: () => import('./commands/run.ts') },
  {
    name: 'components',
    summary: 'the components that have a release',
    group: 'The record',
    load: () => import('./commands/components.ts'),
  },
  { name: 'releases', summary: 'the releases of a component', group: 'The record', load: () => import('./commands/releases.ts') },
  { name: 'deployments', summary: 'deployments, the newest first', group: 'The record', load: () => import('./commands/deployments.ts') },
  { name: 'socle list', summary: 'the socles that images stand on', group: 'The record', load: () => import('./commands/socle-list.ts') },
  {
    name: 'socle show',
    summary: 'the versions of a socle, and who stands on which',
    group: 'The record',
    load: () => import('./commands/socle-show.ts'),
  },
  {
    name: 'socle build',
    summary: 'makes the next version of a socle from its folder',
    group: 'The record',
    load: () => import('./commands/socle-build.ts'),
  },
  {
    name: 'socle rebase',
    summary: 'moves applications to the newest version of a socle, without building them again',
    group: 'The record',
    load: () => import('./commands/socle-rebase.ts'),
  },
  {
    name: 'socle deprecate',
    summary: 'says that nothing new should be built on a socle',
    group: 'The record',
    load: () => import('./commands/socle-deprecate.ts'),
  },
  {
    name: 'changes',
    summary: 'the changes of production, the newest first',
    group: 'The record',
    load: () => import('./commands/changes.ts'),
  },
  {
    name: 'publication show',
    summary: 'what an installation in production changed, to be read',
    group: 'The record',
    load: () => import('./commands/publication-show.ts'),
  },
  {
    name: 'publication feed',
    summary: 'installations in production, as an Atom feed',
    group: 'The record',
    load: () => import('./commands/publication-feed.ts'),
  },
  {
    name: 'measures',
    summary: 'how delivery goes, and where time is lost',
    group: 'The record',
    load: () => import('./commands/measures.ts'),
  },
  {
    name: 'deliveries',
    summary: 'what other systems are told, and what did not arrive',
    group: 'The record',
    load: () => import('./commands/deliveries.ts'),
  },
  {
    name: 'delivery replay',
    summary: 'sends once more what was given up',
    group: 'The record',
    load: () => import('./commands/delivery-replay.ts'),
  },
  {
    name: 'change show',
    summary: 'a change with its facts: what, why, risk, rollback plan, proof',
    group: 'The record',
    load: () => import('./commands/change-show.ts'),
  },
  {
    name: 'change review',
    summary: 'looks back at a change that has ended, once',
    group: 'The record',
    load: () => import('./commands/change-review.ts'),
  },
  {
    name: 'evidence add',
    summary: 'records a fact about a release: tests, quality, performance, a scan',
    group: 'The record',
    load: () => import('./commands/evidence-add.ts'),
  },
  {
    name: 'evidence keys',
    summary: 'the public keys with which this platform signed',
    group: 'The record',
    load: () => import('./commands/evidence-keys.ts'),
  },
  {
    name: 'sbom',
    summary: 'the software that a release holds, CycloneDX 1.6',
    group: 'The record',
    load: () => import('./commands/sbom.ts'),
  },
  {
    name: 'exposed',
    summary: 'where a vulnerability or a package runs now',
    group: 'The record',
    load: () => import('./commands/exposed.ts'),
  },
  {
    name: 'evidence list',
    summary: 'what was recorded about a release',
    group: 'The record',
    load: () => import('./commands/evidence-list.ts'),
  },
  { name: 'events', summary: 'what happens, as it happens', group: 'The record', load: () => import('./commands/events.ts') },
  { name: 'audit list', summary: 'who changed what', group: 'The record', load: () => import('./commands/audit-list.ts') },
  {
    name: 'audit verify',
    summary: 'whether an exported audit log is unchanged; needs no server',
    group: 'The record',
    load: () => import('./commands/audit-verify.ts'),
  },
  { name: 'completion', summary: 'completion for bash, zsh or fish', group: 'The record', load: () => import('./commands/completion.ts') },
];
