/**
 * The automation map: for an application system the steps from infrastructure to operation, each automated, possible or impossible.
 *
 * Automated is what the platform did for it, with how often; impossible is what it cannot do for it as it is; the rest is possible.
 */
export const automationSteps = [
  'network',
  'image',
  'proof',
  'tests',
  'deployment',
  'production',
  'change',
  'before',
  'rollback',
  'scaling',
  'healing',
  'schedule',
  'rebase',
  'publication',
  'notification',
] as const;
export type AutomationStep = (typeof automationSteps)[number];

/** What the platform did of a step, and when it last did; `last` is null where that is not kept. */
export type Done = { readonly count: number; readonly last: string | null };
export type SystemFacts = {
  readonly system: string;
  readonly components: number;
  readonly services: number;
  readonly jobs: number;
  /** Places whose range of instances is more than one number. */
  readonly ranges: number;
  /** The most releases of one component that were installed in one environment. */
  readonly installedReleases: number;
  /** Releases that stand on a socle of the platform. */
  readonly onSocle: number;
  readonly done: Readonly<Partial<Record<AutomationStep, Done>>>;
};
export type PlatformFacts = { readonly changeAsked: boolean; readonly tellsOf: (system: string) => boolean };

export type AutomationReason = keyof typeof impossible | 'not-yet';
export type MappedStep = {
  readonly step: AutomationStep;
  readonly state: 'automated' | 'possible' | 'impossible';
  readonly count: number;
  readonly last: string | null;
  /** Null where it is automated. */
  readonly reason: AutomationReason | null;
  /** Why not, or what to do, in a sentence. */
  readonly sentence: string | null;
};
export type SystemAutomation = { readonly system: string; readonly components: number; readonly steps: readonly MappedStep[] };

const impossible = {
  'only-jobs': 'It has only jobs, which nobody calls.',
  'no-job': 'It has no job.',
  'no-change-asked': 'platform.yaml asks for no change in any environment.',
  'no-range': 'No component may run in more than one number of instances: give run.replicas a min and a max.',
  'one-release': 'No component had two releases in one environment, so there is nothing to go back to.',
  'no-socle': 'No release stands on a socle of the platform.',
  'no-channel': 'No channel of platform.yaml is told of it.',
} as const;

const remedies: Readonly<Record<AutomationStep, string>> = {
  network: 'A service gets its address with its first installation.',
  image: 'Let `beluga build` make the image: its storeys are known then.',
  proof: 'Register releases with their images in the registry: SBOM, provenance and signature are made then.',
  tests: 'Let the pipeline record what it found: `beluga evidence add`.',
  deployment: 'Install a release: `beluga ship`.',
  production: 'Take a service to the last environment; its ledger proves that nobody was interrupted.',
  change: 'Meet the conditions of a standard change: they are on every change.',
  before: 'Declare what must run once before an installation, in beluga.yaml under before.',
  rollback: 'Roll a component back once where it hurts nobody: it is proven then.',
  scaling: 'The number changes with the load when there is some.',
  healing: 'An instance that dies is started again; none has yet.',
  schedule: 'A job runs when its schedule comes.',
  rebase: 'Move its images when the socle has a new version: `beluga socle rebase`.',
  publication: 'An installation in production publishes by itself.',
  notification: 'The next installation in production is told.',
};

export function automationOf(facts: SystemFacts, platform: PlatformFacts): SystemAutomation {
  const { system, components } = facts;
  return { system, components, steps: automationSteps.map((step) => mapped(step, facts, platform)) };
}

function mapped(step: AutomationStep, facts: SystemFacts, platform: PlatformFacts): MappedStep {
  const { count, last } = facts.done[step] ?? { count: 0, last: null };
  if (count > 0) return { step, state: 'automated', count, last, reason: null, sentence: null };
  const obstacle = obstacleTo(step, facts, platform);
  if (obstacle !== null) return { step, state: 'impossible', count, last, reason: obstacle, sentence: impossible[obstacle] };
  return { step, state: 'possible', count, last, reason: 'not-yet', sentence: remedies[step] };
}

function obstacleTo(step: AutomationStep, facts: SystemFacts, platform: PlatformFacts): keyof typeof impossible | null {
  const without: Partial<Record<AutomationStep, readonly [possible: boolean, otherwise: keyof typeof impossible]>> = {
    network: [facts.services > 0, 'only-jobs'],
    production: [facts.services > 0, 'only-jobs'],
    healing: [facts.services > 0, 'only-jobs'],
    schedule: [facts.jobs > 0, 'no-job'],
    change: [platform.changeAsked, 'no-change-asked'],
    scaling: [facts.ranges > 0, 'no-range'],
    rollback: [facts.installedReleases > 1, 'one-release'],
    rebase: [facts.onSocle > 0, 'no-socle'],
    publication: [platform.changeAsked, 'no-change-asked'],
    notification: [platform.tellsOf(facts.system), 'no-channel'],
  };
  const found = without[step];
  return found === undefined || found[0] ? null : found[1];
}
