/** Builds a component again whenever something in its artifact changes, in one process whose connections and caches stay warm. */
import { type FSWatcher, watch } from 'node:fs';
import { sep } from 'node:path';
import { openBuilder } from '@beluga/oci/build';
import { CliError } from '../errors.ts';
import type { Io } from '../output/io.ts';
import { tell } from '../output/problem.ts';
import type { ImagePlatform } from '../platform/registry.ts';
import type { Component } from './component.ts';
import { artifactOf, type Built, presented, requestOf, socleImage } from './image.ts';

/** Editors write a file in several steps; a build begins when nothing has changed for so long. */
const quietMs = 15;

/** Builds at once, then after each change, until `ended`; `pushed` is told of every image that is another one than before. */
export async function watchComponent(
  io: Io,
  platform: ImagePlatform,
  component: Component,
  pushed: (built: Built) => void,
  ended: AbortSignal,
): Promise<void> {
  const { build, file } = component;
  if (build.image !== null || build.containerfile !== null) throw new CliError('nothing-to-watch', { manifest: file });
  const folder = await artifactOf(component);
  const request = requestOf(io, platform, component, folder, await socleImage(platform, build.socle));
  const builder = openBuilder(platform.registry.host, platform.registry.options);
  const changes = new Changes(folder, ended);
  try {
    for (let last = ''; !ended.aborted; ) {
      const built = await builder.build(request).then(presented, (error: unknown) => told(error, io));
      if (built !== null && built.digest !== last) pushed(built);
      last = built?.digest ?? last;
      await changes.next();
    }
  } finally {
    changes.close();
    builder.close();
  }
}

/** A build that fails is told; the next change is another chance. */
function told(error: unknown, io: Io): null {
  tell(error, io.format, io.env);
  return null;
}

/** What changes in a folder, other than in what never gets into an image. */
class Changes {
  readonly #watcher: FSWatcher;
  #isPending = false;
  #wake: () => void = () => undefined;

  readonly #ended: AbortSignal;

  constructor(folder: string, ended: AbortSignal) {
    this.#ended = ended;
    ended.addEventListener('abort', () => this.#wake(), { once: true });
    this.#watcher = watch(folder, { recursive: true }, (_kind, name) => {
      const first = name?.split(sep)[0];
      if (first === '.git' || first === '.beluga') return;
      this.#isPending = true;
      this.#wake();
    });
  }

  /** Resolves once something has changed since the last call and nothing changes any more, or at the end. */
  async next(): Promise<void> {
    while (!this.#isPending && !this.#ended.aborted) await this.#woken(null);
    while (this.#isPending && !this.#ended.aborted) {
      this.#isPending = false;
      await this.#woken(quietMs);
    }
  }

  close(): void {
    this.#watcher.close();
  }

  async #woken(mostMs: number | null): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = mostMs === null ? undefined : setTimeout(resolve, mostMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => undefined;
  }
}
