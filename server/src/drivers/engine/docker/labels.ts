/** The labels that tell a container of this platform from any other, and what it is. */
import type { Place, Workload } from '../../../domain/workload.ts';

export const label = {
  platform: 'beluga.platform',
  component: 'beluga.component',
  environment: 'beluga.environment',
  generation: 'beluga.generation',
  version: 'beluga.version',
  ordinal: 'beluga.ordinal',
  release: 'beluga.release',
  image: 'beluga.image',
  ip: 'beluga.ip',
  port: 'beluga.port',
  /** On runs of jobs and one-shot tasks only. */
  task: 'beluga.task',
} as const;

export type Labels = Readonly<Record<string, string>>;

export function labelsOf(platform: string, workload: Workload): Labels {
  return {
    [label.platform]: platform,
    [label.component]: workload.component,
    [label.environment]: workload.environment,
    [label.generation]: workload.generation,
    [label.version]: workload.version,
    [label.release]: workload.releaseDigest,
    [label.image]: workload.image,
    [label.port]: String(workload.port),
  };
}

export function placeOf(labels: Labels): Place | null {
  const component = labels[label.component];
  const environment = labels[label.environment];
  return component === undefined || environment === undefined ? null : { component, environment };
}

/** `component.environment`, as the router knows it. */
export function placeKey(place: Place): string {
  return `${place.component}.${place.environment}`;
}

/** The places a workload may call, by the name it calls them. */
export function reachable(workload: Workload): Readonly<Record<string, string>> {
  const { environment } = workload;
  return Object.fromEntries(workload.dependsOn.map((component) => [component, placeKey({ component, environment })]));
}
