/** A patch of the base under 2,000 images: `beluga socle rebase`, then once more, which must write nothing. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@beluga/contract';
import { LayerCache } from '@beluga/oci/cache';
import { root, textEntry } from '@beluga/oci/entry';
import { assemble, type Image } from '@beluga/oci/image';
import { pushImage } from '@beluga/oci/push';
import { parseReference } from '@beluga/oci/reference';
import { fetchImage } from '@beluga/oci/remote';
import { type Bench, figuresOf, type Report, type Run } from './harness.ts';
import { program } from './image/contender.ts';
import { type BenchPlatform, openPlatform } from './image/platform.ts';
import { processorSeconds } from './machine.ts';

/** What the bar was set for. */
const barImages = 2000;
const barSeconds = 60;
const images = Number(process.env['BELUGA_BENCH_IMAGES'] ?? barImages);
const systems = 180;
const criticalities = ['low', 'medium', 'high', 'critical'] as const;
const command = join(import.meta.dirname, '..', 'beluga');

export const rebaseBench: Bench = {
  rounds: 1,
  async measure({ rounds, say }) {
    const folder = mkdtempSync(join(tmpdir(), 'beluga-bench-'));
    chmodSync(folder, 0o755);
    const platform = await openPlatform(folder);
    const env = { BELUGA_URL: `http://${platform.proxy.host}`, BELUGA_TOKEN: platform.token, BELUGA_HOME: join(folder, 'home') };
    try {
      say(`pushing ${images} images of ${systems} application systems and registering their releases`);
      await fill(platform, folder);
      const runs: Run[] = [];
      const notes: string[] = [];
      for (let round = 1; round <= rounds; round++) {
        await patch(folder, env, round);
        say(`rebasing, round ${round} of ${rounds}`);
        const used = () => ({ server: processorSeconds(platform.pid), command: processorSeconds(process.pid) });
        const start = used();
        const moved = await rebase(platform, env, 'rebase', round);
        const end = used();
        runs.push(moved.run);
        const before = writtenIn(folder);
        const again = await rebase(platform, env, 'again', round);
        runs.push(again.run);
        const wrote = before === writtenIn(folder) ? 'wrote nothing in the registry' : 'WROTE something in the registry';
        const processor = `${(end.server - start.server).toFixed(1)} s of processor time in the server and ${(end.command - start.command).toFixed(1)} s in command and proxy`;
        notes.push(`round ${round}: ${moved.moved} moved with ${processor}; the second run moved ${again.moved} and ${wrote}`);
      }
      const ours = figuresOf(runs, 'beluga');
      const seconds = ours['rebase']?.['seconds']?.median ?? Number.NaN;
      if (images !== barImages) notes.push(`the bar, ${barSeconds} s, is for ${barImages} images: ${images} are not held against it`);
      return { runs, ours, peers: {}, ratio: images === barImages ? ratioOf(seconds) : {}, notes };
    } finally {
      await platform.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function ratioOf(seconds: number): Report['ratio'] {
  return {
    [`rebase of ${barImages} images`]: { value: Math.round((seconds / barSeconds) * 1000) / 1000, against: `${barSeconds} s`, bar: 1 },
  };
}

/** Every image on the first version of the socle, with an application layer of its own. */
async function fill(platform: BenchPlatform, folder: string): Promise<void> {
  const base = await fetchImage(platform.registry, parseReference(platform.socle));
  const cache = new LayerCache(join(folder, 'fill'));
  const client = createClient({ url: `http://${platform.proxy.host}`, token: platform.token });
  const ahead = Array.from({ length: images }, (_, at) => at).values();
  const work = async () => {
    for (const at of ahead) await fillOne(platform, client, cache, base, at);
  };
  await Promise.all(Array.from({ length: 8 }, work));
}

async function fillOne(platform: BenchPlatform, client: Client, cache: LayerCache, base: Image, at: number): Promise<void> {
  const [name, system] = [`app-${at}`, `system-${at % systems}`];
  const entries = [textEntry('app', `application ${at}\n${'x'.repeat(at % 997)}`)];
  const layer = await cache.layer({ name, entries, owner: root, compression: 'gzip' });
  const image = assemble({ base: { image: base, name: 'vendor/node:26' }, layers: [{ layer, storey: 'application', from: '' }] });
  const report = await pushImage(image, platform.registry, `${system}/${name}`);
  const layers = report.layers.map(({ digest, sizeBytes, storey }) => ({ digest, sizeBytes, storey }));
  const criticality = criticalities[(at % systems) % criticalities.length] ?? 'low';
  const manifest = { apiVersion: 'beluga/v1', kind: 'Service', metadata: { name, system, criticality } } as const;
  await client.registerRelease({ manifest, version: '1.0.0', image: report.image, layers, commit: null });
}

/** The next version of the socle: one more file of the company. */
async function patch(folder: string, env: NodeJS.ProcessEnv, round: number): Promise<void> {
  const place = join(folder, 'socle');
  mkdirSync(join(place, 'root', 'etc'), { recursive: true });
  writeFileSync(join(place, 'root', 'etc', 'patched'), `${round}\n`);
  writeFileSync(
    join(place, 'socle.yaml'),
    'apiVersion: beluga/v1\nkind: Socle\nmetadata: { name: node-26 }\nbase: { machine: node }\nroot: root\n',
  );
  await program(command, ['socle', 'build', place], env);
}

async function rebase(platform: BenchPlatform, env: NodeJS.ProcessEnv, scenario: string, round: number) {
  platform.proxy.taken();
  const startMs = performance.now();
  const said = await program(command, ['socle', 'rebase', 'node-26', '--output', 'json'], env);
  const seconds = (performance.now() - startMs) / 1000;
  const { moved } = JSON.parse(said) as { readonly moved: readonly unknown[] };
  const run: Run = { scenario, contender: 'beluga', round, seconds, sentBytes: platform.proxy.taken() };
  return { run, moved: moved.length };
}

/** Changes whenever anything is written into the registry. */
function writtenIn(folder: string): string {
  const place = join(folder, 'platform', 'registry');
  const entries = readdirSync(place, { recursive: true, withFileTypes: true });
  const newest = entries.reduce((most, entry) => Math.max(most, statSync(join(entry.parentPath, entry.name)).ctimeMs), 0);
  return `${entries.length} ${newest}`;
}
