/** A step in one sentence, for people: in plans, in the terminal, in the change record. */
import type { Step } from './step.ts';

export function sentenceOf(step: Step): string {
  switch (step.kind) {
    case 'pull':
      return `Bring ${step.image} to the engine.`;
    case 'start':
      return `Start ${counted(step.instances)} beside what serves.`;
    case 'ready':
      return `Wait until ${counted(step.instances)} ${step.instances.length === 1 ? 'is' : 'are'} ready.`;
    case 'check':
      return `Ask ${counted(step.instances)} for ${step.check.path} and expect ${step.check.status}.`;
    case 'weigh':
      return `Give ${counted(step.instances)} ${step.percent} % of the requests.`;
    case 'analyse':
      return `Compare ${counted(step.instances)} with the former for ${step.forMs / 1000} s: at most ${step.analysis.errorPercent} % more errors, ${step.analysis.latencyFactor} times the latency.`;
    case 'shift':
      return `Shift the traffic: ${counted(step.add)} in, ${counted(step.remove)} out.`;
    case 'drain':
      return `Let ${counted(step.instances)} finish what they have, at most ${step.graceMs / 1000} s.`;
    case 'stop':
      return `Stop ${counted(step.instances)}.`;
    case 'schedule':
      return `Start its runs from this release: ${step.cron}.`;
  }
}

/** `1 instance`, `3 instances`. */
export function counted(instances: readonly string[]): string {
  return instances.length === 1 ? '1 instance' : `${instances.length} instances`;
}
