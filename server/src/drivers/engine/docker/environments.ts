/** The environments on this machine: their networks, the addresses given in them, and what the engine can limit. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from './client.ts';
import type { Limits } from './container-options.ts';
import { listContainers } from './containers.ts';
import { engineLimits } from './info.ts';
import { label } from './labels.ts';
import { ensureNetwork, type Network, nextAddress } from './networks.ts';

export type EnvironmentsOptions = {
  readonly client: Client;
  readonly platform: string;
  /** Where the last address of each environment is recorded. */
  readonly folder: string;
  readonly log: { warn(fields: object, message: string): void };
};

export class Environments {
  readonly #options: EnvironmentsOptions;
  readonly #names = new Set<string>();
  #limits: Limits | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: EnvironmentsOptions) {
    this.#options = options;
  }

  get prepared(): boolean {
    return this.#names.size > 0;
  }

  /** Makes the networks that are missing. Gives those of all environments known so far. */
  async prepare(names: readonly string[]): Promise<readonly Network[]> {
    for (const name of names) this.#names.add(name);
    const networks: Network[] = [];
    for (const name of this.#names) networks.push(await this.network(name));
    return networks;
  }

  network(environment: string): Promise<Network> {
    const { client, platform } = this.#options;
    return ensureNetwork(client, platform, environment);
  }

  async takeAddress(environment: string): Promise<string> {
    return (await this.takeAddresses(environment, 1))[0] ?? '';
  }

  /** Addresses that no container has, and that none had for as long as possible. */
  takeAddresses(environment: string, count: number): Promise<readonly string[]> {
    const taken = this.#queue.then(() => this.#takeAddresses(environment, count));
    this.#queue = taken.catch(() => {});
    return taken;
  }

  /** What cannot be limited here is told once in the log. */
  async limits(): Promise<Limits> {
    if (this.#limits !== null) return this.#limits;
    const limits = await engineLimits(this.#options.client);
    const missing = Object.entries(limits).flatMap(([name, can]) => (can ? [] : [name]));
    if (missing.length > 0) this.#options.log.warn({ missing }, 'this engine cannot limit everything that is asked for');
    this.#limits = limits;
    return limits;
  }

  async #takeAddresses(environment: string, count: number): Promise<readonly string[]> {
    if (count === 0) return [];
    const { client, platform } = this.#options;
    const network = await this.network(environment);
    const containers = await listContainers(client, platform, { environment });
    const ours = containers.flatMap((container) => container.labels[label.ip] ?? []);
    const used = [...ours, ...network.taken];
    const recorded = await this.#recorded();
    const addresses: string[] = [];
    for (let last = recorded[environment] ?? null; addresses.length < count; last = addresses.at(-1) ?? null)
      addresses.push(nextAddress(network, [...used, ...addresses], last));
    await this.#record({ ...recorded, [environment]: addresses.at(-1) ?? '' });
    return addresses;
  }

  get #file(): string {
    return join(this.#options.folder, 'addresses.json');
  }

  async #recorded(): Promise<Readonly<Record<string, string>>> {
    const text = await readFile(this.#file, 'utf8').catch(() => '{}');
    try {
      return JSON.parse(text) as Record<string, string>;
    } catch {
      return {};
    }
  }

  /** So that a server that starts again goes on where this one was. */
  async #record(last: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true });
    const fresh = `${this.#file}.${process.pid}`;
    await writeFile(fresh, JSON.stringify(last));
    await rename(fresh, this.#file);
  }
}
