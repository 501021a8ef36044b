/** Places, alone and as keys. */
import type { Place } from '../../../domain/workload.ts';

export function placeOf({ component, environment }: Place): Place {
  return { component, environment };
}

export function key(place: Place): string {
  return `${place.component}.${place.environment}`;
}
