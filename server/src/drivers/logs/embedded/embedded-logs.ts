/**
 * Logs in files under the state folder: a folder for each place, within one size for all. Where it is full, the place with most of it
 * loses its oldest lines first: one that talks much does not silence the others.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place } from '../../../domain/workload.ts';
import type { Intake, KeptLine, Logs, Selection } from '../logs.ts';
import { Shelf } from './shelf.ts';

export type EmbeddedLogsOptions = {
  readonly folder: string;
  /** Of all complete segments, compressed; each place has at most one more MiB open. */
  readonly limitBytes: number;
  readonly warn: (fields: object, message: string) => void;
};

export function openEmbeddedLogs(options: EmbeddedLogsOptions): Logs {
  return new EmbeddedLogs(options);
}

class EmbeddedLogs implements Logs {
  readonly #options: EmbeddedLogsOptions;
  readonly #shelves = new Map<string, Promise<Shelf>>();
  #trimming: Promise<void>;

  constructor(options: EmbeddedLogsOptions) {
    this.#options = options;
    this.#trimming = this.#loadAll()
      .then(() => this.#trim())
      .catch((error: unknown) => options.warn({ error: String(error) }, 'the logs could not be looked through'));
  }

  async intake(place: Place, instance: string): Promise<Intake> {
    return (await this.#shelf(place)).intake(instance);
  }

  async settle(place: Place): Promise<void> {
    await (await this.#shelf(place)).settle();
  }

  async read(place: Place, selection: Selection): Promise<readonly KeptLine[]> {
    return await (await this.#shelf(place)).read(selection);
  }

  async *follow(place: Place, after: number, signal: AbortSignal): AsyncIterable<KeptLine> {
    yield* (await this.#shelf(place)).follow(after, signal);
  }

  async newest(place: Place): Promise<number> {
    return (await this.#shelf(place)).newest;
  }

  async close(): Promise<void> {
    const shelves = await Promise.all(this.#shelves.values());
    await Promise.all(shelves.map((shelf) => shelf.settle()));
    await this.#trimming;
  }

  #shelf({ component, environment }: Place): Promise<Shelf> {
    const path = join(environment, component);
    const known = this.#shelves.get(path);
    if (known !== undefined) return known;
    const warn = (error: unknown) =>
      this.#options.warn({ path, error: String(error) }, 'lines of a log could not be written; trying again');
    const made = new Shelf(join(this.#options.folder, path), warn, () => this.#trimSoon()).load();
    this.#shelves.set(path, made);
    made.catch(() => this.#shelves.delete(path));
    return made;
  }

  async #loadAll(): Promise<void> {
    for (const environment of await foldersIn(this.#options.folder))
      for (const component of await foldersIn(join(this.#options.folder, environment))) await this.#shelf({ component, environment });
  }

  #trimSoon(): void {
    const failed = (error: unknown) => this.#options.warn({ error: String(error) }, 'the oldest lines could not be removed');
    this.#trimming = this.#trimming.then(() => this.#trim()).catch(failed);
  }

  async #trim(): Promise<void> {
    const shelves = await Promise.all(this.#shelves.values());
    for (;;) {
      const total = shelves.reduce((sum, shelf) => sum + shelf.closedBytes, 0);
      const largest = shelves.toSorted((a, b) => b.closedBytes - a.closedBytes)[0];
      if (total <= this.#options.limitBytes || largest === undefined) return;
      await largest.removeOldest();
    }
  }
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
