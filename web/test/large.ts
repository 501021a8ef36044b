/** The estate of 2,000 components as the pictures show it: what its tables do not hold is told here, and where to look. */
import { addEntry } from '../../server/src/actions/edit-calendar.ts';
import { createTrain } from '../../server/src/actions/plan-train.ts';
import type { Stop } from './pages.ts';
import type { Plane } from './plane.ts';
import { samplesOf } from './story-signs.ts';

const one = 'contrats-04-web-30';

export async function signsOf2000({ context, database, engine }: Plane): Promise<void> {
  const { store, now, hash } = context;
  await store.samples.add(samplesOf(one, 'prod', now()));
  for (const ordinal of [0, 1, 2]) {
    const life = { state: 'running', traffic: 'serving', healthy: true, exitCode: null, restarts: 0 } as const;
    const generation = hash(one).slice(7, 19);
    const instance = { name: `${one}.prod.${generation}.${ordinal}`, generation, version: '2.0.2', image: '', ordinal, ...life };
    engine.plant(
      { component: one, environment: 'prod' },
      {
        ...instance,
        startedAt: now()
          .subtract({ hours: 30 + ordinal })
          .toString(),
      },
    );
  }
  const layers = (name: string) => [
    { storey: 'vendor' as const, sizeBytes: 42_300_000, digest: hash('vendor') },
    { storey: 'socle' as const, sizeBytes: 1_800_000, digest: hash(name) },
  ];
  for (const [index, name] of ['socle 2026.11', 'socle 2026.12'].entries()) {
    const image = `127.0.0.1:4600/socle/node-26@${hash(name)}`;
    const recordedAt = now()
      .subtract({ hours: 24 * (20 - 17 * index) })
      .toString();
    const socle = { name: 'node-26', image, vendor: `127.0.0.1:4600/vendor/node@${hash('vendor')}`, recordedAt };
    await store.socles.record({ ...socle, layers: layers(name), runtime: { node: '26', libc: 'glibc-2.36' } }, 'anne');
  }
  await moveSome(database, hash);
  for (let index = 0; index < 14; index += 1) await changedByHand(store, index, now());
  const scope = { systems: null, criticality: null, on: [], except: [], skip: [], timeZone: 'Europe/Paris', rule: null };
  const [start, end] = [3, 5].map((days) => `${Temporal.Now.plainDateISO('Europe/Paris').add({ days }).toString()}T00:00`);
  const entry = {
    ...scope,
    environments: ['prod'],
    name: 'arrete-comptable',
    reason: 'Arrêté des comptes',
    start: start ?? '',
    end: end ?? '',
  };
  await addEntry(context, 'lea', { kind: 'freeze', entry });
  await aTrain(context, database);
}

/** Two thirds of the newest releases stand on the newest socle, moved over the last three days. */
async function moveSome({ kysely }: Plane['database'], hash: (text: string) => string): Promise<void> {
  const newest = await kysely
    .selectFrom('release')
    .select(['digest', 'layers', 'component'])
    .distinctOn('component')
    .orderBy('component')
    .orderBy('created_at', 'desc')
    .execute();
  for (const [index, { digest, layers }] of newest.entries()) {
    if (index % 3 === 0) continue;
    const moved = layers.map((layer) => (layer.storey === 'socle' ? { ...layer, digest: hash('socle 2026.12') } : layer));
    const created_at = Temporal.Now.instant()
      .subtract({ minutes: 1 + ((index * 7919) % 4_200) })
      .toString();
    await kysely
      .updateTable('release')
      .set({ layers: JSON.stringify(moved), created_at })
      .where('digest', '=', digest)
      .execute();
  }
}

async function changedByHand(store: Plane['context']['store'], index: number, now: Temporal.Instant): Promise<void> {
  const component = `contrats-${String(1 + ((3 * index) % 18)).padStart(2, '0')}-web-${index * 30}`;
  const instance = `${component}.re7.1f3a9c21.${index % 3}`;
  const kinds = [
    { kind: 'paused', sentence: `${instance} is paused.` },
    { kind: 'limits', sentence: `${instance} has other limits: memory 256 MiB instead of 512 MiB.` },
    { kind: 'removed', sentence: `The container of ${instance} is gone.` },
  ] as const;
  const found = kinds[index % 3] ?? kinds[0];
  const at = now.subtract({ minutes: 3 + index * 11 }).toString();
  const repair = index % 2 === 0 ? 'report' : 'always';
  const finding = { component, environment: 're7', found: [{ instance, ...found }], repair, event: null, at, kinds: [found.kind] } as const;
  await store.drift.settle(finding, () => `drift-${index}`);
}

/** The train of the spring: a release of sixty components. */
async function aTrain(context: Plane['context'], { kysely }: Plane['database']): Promise<void> {
  const at = (days: number): string =>
    context
      .now()
      .add({ hours: 24 * days })
      .toString();
  await createTrain(context, 'lea', { name: 'avril', opensAt: at(-10), locksAt: at(4), rehearsalAt: at(11), departsAt: at(25) });
  const releases = await kysely
    .selectFrom('current_release')
    .innerJoin('release', 'release.digest', 'current_release.release_digest')
    .select(['release.component', 'release.version', 'release.digest'])
    .where('environment', '=', 'int')
    .orderBy('release.component')
    .limit(60)
    .execute();
  for (const { component, version, digest } of releases) {
    await context.store.trains.add('avril', { component, version, releaseDigest: digest, addedBy: 'lea', addedAt: at(-1) });
  }
}

export async function largePages({ context }: Plane): Promise<readonly Stop[]> {
  const [deployment] = await context.store.views.deployments({ environment: 'prod', limit: 1 });
  const [change] = await context.store.changes.list({ limit: 1 });
  const page = `/components/${one}`;
  return [
    { name: 'estate', path: '/' },
    { name: 'estate-filtered', path: '/?q=sinistres&drift=yes&environment=prod' },
    { name: 'component', path: page },
    ...['instances', 'activity&span=6h', 'logs', 'configuration', 'dependencies&levels=3', 'image', 'releases'].map((tab) => ({
      name: tab.replace(/&.*/, ''),
      path: `${page}?tab=${tab}`,
    })),
    { name: 'deployments', path: '/deployments' },
    { name: 'deployment', path: `/deployments/${deployment?.id}` },
    { name: 'drift', path: '/drift' },
    { name: 'changes', path: '/changes' },
    { name: 'change', path: `/changes/${change?.id}` },
    { name: 'calendar', path: '/calendar' },
    { name: 'calendar-week', path: '/calendar?view=week' },
    { name: 'trains', path: '/trains' },
    { name: 'train', path: '/trains/avril' },
    { name: 'publications', path: '/publications' },
    { name: 'measures', path: '/measures' },
    { name: 'automation', path: '/automation' },
    { name: 'images', path: '/images' },
    { name: 'socle', path: '/images/node-26' },
    { name: 'audit', path: '/audit' },
    { name: 'settings', path: '/settings' },
    { name: 'palette', path: '/', act: (view) => view.keyboard.press('Control+k') },
  ];
}
