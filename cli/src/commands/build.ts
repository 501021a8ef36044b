/** `beluga build`: makes the image of a component and pushes it. */
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { shortDigest, sizeOf } from '../output/text.ts';
import { connect } from '../platform/home.ts';
import { readComponent } from '../source/component.ts';
import { type Built, buildImage } from '../source/image.ts';

export function define(command: Command): void {
  command.argument('[folder]', 'the folder that holds beluga.yaml', '.');
  whenCalled(command, async (io, _options, [folder]) => {
    const component = await readComponent(folder);
    const built = await buildImage(io, await connect(io.env), component);
    io.show(built, () => wordsOf(built));
    return 0;
  });
}

export function wordsOf({ image, layers, sentBytes, seconds }: Built): string {
  const rows = layers.map(
    (layer) => `  ${shortDigest(layer.digest)}  ${layer.storey.padEnd(12)}  ${sizeOf(layer.sizeBytes).padStart(8)}  ${layer.state}`,
  );
  return [image, ...rows, `  ${sizeOf(sentBytes)} sent in ${seconds.toFixed(2)} s`].join('\n');
}
