/** Capacity: the whole new set fits beside all that runs in the environment, by the limits of each component. */
import { type GateFacts, nameOf } from './facts.ts';
import { closed, opened, type Verdict } from './verdict.ts';

export function capacityGate(facts: GateFacts): Verdict | null {
  const { capacity } = facts.settings;
  // Once it moves, its new set is counted among what runs.
  if (capacity === null || facts.moment === 'moving') return null;
  const { used, needed } = facts.capacity;
  const short = [
    capacity.cpuMillis !== null && used.cpuMillis + needed.cpuMillis > capacity.cpuMillis
      ? `${cpus(needed.cpuMillis)} CPUs where ${cpus(Math.max(0, capacity.cpuMillis - used.cpuMillis))} of ${cpus(capacity.cpuMillis)} are left`
      : null,
    capacity.memoryBytes !== null && used.memoryBytes + needed.memoryBytes > capacity.memoryBytes
      ? `${mebibytes(needed.memoryBytes)} of memory where ${mebibytes(Math.max(0, capacity.memoryBytes - used.memoryBytes))} of ${mebibytes(capacity.memoryBytes)} are left`
      : null,
  ].filter((part) => part !== null);
  if (short.length === 0) return opened('capacity', `The new set of ${facts.release.component} fits into ${facts.environment}.`);
  const remedy =
    'Ask for fewer replicas or less for each in beluga.yaml, take away what is not used, or raise the capacity in platform.yaml.';
  return closed('capacity', `${nameOf(facts)} needs ${short.join(' and ')}.`, remedy, 'the team of the component, or the platform team');
}

function cpus(millis: number): string {
  return String(millis / 1000);
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
