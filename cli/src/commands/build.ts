/** `beluga build`: makes the image of a component and pushes it; with --watch, again at each change. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import type { Io } from '../output/io.ts';
import { shortDigest, sizeOf } from '../output/text.ts';
import { connect } from '../platform/home.ts';
import { type ImagePlatform, withRegistry } from '../platform/registry.ts';
import { type Component, readComponent } from '../source/component.ts';
import { type Built, buildImage } from '../source/image.ts';

type Options = { readonly watch?: boolean };

export function define(command: Command): void {
  command
    .argument('[folder]', 'the folder that holds beluga.yaml', '.')
    .option('--watch', 'builds again at each change, a line for each new image, until it is stopped');
  whenCalled<Options>(command, async (io, options, [folder]) => {
    const component = await readComponent(folder);
    const platform = await withRegistry(await connect(io.env), io.env);
    if (options.watch === true) return watchUntilStopped(io, platform, component);
    const built = await buildImage(io, platform, component);
    io.show(built, () => wordsOf(built));
    return 0;
  });
}

async function watchUntilStopped(io: Io, platform: ImagePlatform, component: Component): Promise<number> {
  const { watchComponent } = await import('../source/watch.ts');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  await watchComponent(io, platform, component, (built) => io.show(built, () => lineOf(built)), stop.signal);
  return 0;
}

function wordsOf({ image, layers, sentBytes, seconds }: Built): string {
  const rows = layers.map(
    (layer) => `  ${shortDigest(layer.digest)}  ${layer.storey.padEnd(12)}  ${sizeOf(layer.sizeBytes).padStart(8)}  ${layer.state}`,
  );
  return [image, ...rows, `  ${sizeOf(sentBytes)} sent in ${seconds.toFixed(2)} s`].join('\n');
}

function lineOf({ image, sentBytes, seconds }: Built): string {
  return `${new Date().toTimeString().slice(0, 8)}  ${image}  ${sizeOf(sentBytes)} sent in ${seconds.toFixed(2)} s`;
}
