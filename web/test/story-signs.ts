/** What the platform noticed of the story: a socle with two versions, a scan, what a component does and uses, and what somebody changed by hand. */
import { recordEvidence } from '../../server/src/actions/record-evidence.ts';
import type { PlacedSample } from '../../server/src/domain/sample.ts';
import type { Plane } from './plane.ts';

export async function tellSigns(plane: Plane): Promise<void> {
  await standOnSocle(plane);
  await scan(plane);
  await plane.context.store.samples.add(samplesOf('contrats-web', 'prod', plane.context.now()));
  const { instances } = await plane.engine.observe({ component: 'sinistres-api', environment: 're7' });
  plane.engine.takeAway(instances[0]?.name ?? '');
}

/** Everything stands on its first version; the second is there to move to. */
export async function standOnSocle({ context }: Plane): Promise<void> {
  const { hash, store, now } = context;
  const layer = (storey: 'vendor' | 'socle', name: string) => ({ storey, sizeBytes: 21_000_000, digest: hash(name) });
  for (const name of ['socle', 'socle 2']) {
    const image = `127.0.0.1:4600/socle/node-26@${hash(name)}`;
    const vendor = `127.0.0.1:4600/vendor/node@${hash('vendor')}`;
    const layers = [layer('vendor', 'vendor'), layer('socle', name)];
    const recordedAt = now().subtract({ hours: 40 }).toString();
    await store.socles.record({ name: 'node-26', image, vendor, layers, runtime: { node: '26', libc: 'glibc-2.36' }, recordedAt }, 'anne');
  }
}

async function scan({ context }: Plane): Promise<void> {
  const finding = (id: string, severity: 'critical' | 'high' | 'medium' | 'low', name: string, storey: 'vendor' | 'dependencies') => ({
    ...{ id, severity, storey, package: `pkg:${storey === 'vendor' ? 'deb/debian' : 'npm'}/${name}` },
  });
  await recordEvidence(context, 'ci', {
    ...{ component: 'contrats-web', version: '1.2.0', kind: 'scan', outcome: 'passed', summary: '3 vulnerabilities, none critical' },
    findings: [
      finding('CVE-2026-31337', 'high', 'openssl@3.0.15', 'vendor'),
      finding('CVE-2026-20817', 'medium', 'undici@7.2.0', 'dependencies'),
      finding('CVE-2026-11204', 'low', 'zlib1g@1.2.13', 'vendor'),
    ],
  });
}

const sampleSeconds = 15;

/** Six hours of a morning: traffic that grows, a burst of errors, an instance that was away for some minutes. */
export function samplesOf(component: string, environment: string, now: Temporal.Instant): readonly PlacedSample[] {
  const count = (6 * 3_600) / sampleSeconds;
  return Array.from({ length: count }, (_, index) => {
    const wave = Math.sin((index / count) * Math.PI) + 0.12 * Math.sin(index / 9) + 0.05 * Math.sin(index * 1.7);
    const bad = index > 980 && index < 1_010;
    const requestsPerSecond = 40 + 90 * wave;
    return {
      ...{ component, environment, at: now.subtract({ seconds: (count - index) * sampleSeconds }).toString(), requestsPerSecond },
      ...{ failedPerSecond: bad ? 1.4 : 0, latencyMs: 9 + 6 * wave + (bad ? 22 : 0), cpuMillis: 120 + 260 * wave },
      ...{ memoryBytes: 148e6 + 38e6 * (index / count) + 4e6 * Math.sin(index / 20), serving: bad ? 1 : 2 },
    };
  });
}
