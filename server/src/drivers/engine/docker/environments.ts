/** The environments on this machine: their networks, the addresses given in them, and what the engine can limit. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client } from './client.ts';
import type { Limits } from './container-options.ts';
import { listContainers } from './containers.ts';
import { engineLimits } from './info.ts';
import { label } from './labels.ts';
import { Addresses, ensureNetwork, type Network } from './networks.ts';

export type EnvironmentsOptions = {
  readonly client: Client;
  readonly platform: string;
  readonly folder: string;
  readonly log: { warn(fields: object, message: string): void };
};

type Held = { readonly network: Network; readonly addresses: Addresses };

export class Environments {
  readonly #options: EnvironmentsOptions;
  readonly #held = new Map<string, Held>();
  #limits: Limits | null = null;

  constructor(options: EnvironmentsOptions) {
    this.#options = options;
  }

  get prepared(): boolean {
    return this.#held.size > 0;
  }

  /** Makes the networks that are missing. */
  async prepare(names: readonly string[]): Promise<readonly Network[]> {
    for (const name of names) await this.#hold(name);
    return [...this.#held.values()].map((held) => held.network);
  }

  async network(environment: string): Promise<Network> {
    const { client, platform } = this.#options;
    await this.#hold(environment);
    return await ensureNetwork(client, platform, environment);
  }

  async takeAddress(environment: string): Promise<string> {
    const { addresses } = await this.#hold(environment);
    const address = addresses.take();
    await this.#record();
    return address;
  }

  giveBack(address: string): void {
    for (const held of this.#held.values()) held.addresses.giveBack(address);
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

  async #hold(environment: string): Promise<Held> {
    const known = this.#held.get(environment);
    if (known !== undefined) return known;
    const { client, platform } = this.#options;
    const network = await ensureNetwork(client, platform, environment);
    const containers = await listContainers(client, platform, { environment });
    const used = containers.flatMap((container) => container.labels[label.ip] ?? []);
    const last = (await this.#recorded())[environment] ?? null;
    const held = this.#held.get(environment) ?? { network, addresses: new Addresses(network, used, last) };
    this.#held.set(environment, held);
    return held;
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
  async #record(): Promise<void> {
    const last = Object.fromEntries([...this.#held].map(([name, held]) => [name, held.addresses.last]));
    await mkdir(this.#options.folder, { recursive: true });
    const fresh = `${this.#file}.${process.pid}.${Object.values(last).join('-')}`;
    await writeFile(fresh, JSON.stringify(last));
    await rename(fresh, this.#file);
  }
}
