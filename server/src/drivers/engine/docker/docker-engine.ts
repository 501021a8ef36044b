/**
 * The engine of one machine: Docker or Podman runs the containers, HAProxy brings them traffic.
 *
 * It keeps nothing in memory that it could not read again from the two of them, so that any server may go on with a rollout that
 * another one began.
 */
import { join } from 'node:path';
import type { Holding, Leftover } from '../../../domain/cleaning/leftover.ts';
import type { Deviation } from '../../../domain/drift/drift.ts';
import type { Observed } from '../../../domain/instance.ts';
import { plan } from '../../../domain/rollout/plan.ts';
import type { Step } from '../../../domain/rollout/step.ts';
import { undo } from '../../../domain/rollout/undo.ts';
import type { Place, Workload } from '../../../domain/workload.ts';
import { BelugaError } from '../../../errors.ts';
import type {
  Engine,
  EngineChange,
  EngineInfo,
  LogLine,
  LogOptions,
  PlacedInstance,
  Probe,
  RegistryAccess,
  RouterCounters,
  Said,
  StepOutcome,
  Survey,
  TaskOutcome,
  Usage,
} from '../engine.ts';
import type { CgroupPaths } from './cgroup.ts';
import { follow } from './changes.ts';
import { type Client, createClient } from './client.ts';
import { compareContainers } from './compare.ts';
import { type Container, listContainers, listInstances } from './containers.ts';
import { Environments } from './environments.ts';
import { type Farewell, farewell, nameOf } from './farewell.ts';
import type { FileRoots } from './files.ts';
import { holdContainer } from './hold.ts';
import { discard, holdingsOf } from './holdings.ts';
import { pull } from './images.ts';
import { engineInfo } from './info.ts';
import { placeKey, placeOf, reachable } from './labels.ts';
import { readLog } from './logs.ts';
import { addressOf, observe } from './observe.ts';
import { probeLive } from './probe.ts';
import { probeCommand } from './probe-command.ts';
import { rejoin } from './rejoin.ts';
import { Router } from './router/router.ts';
import { compareRoutes, mendRoutes, type RouteGround, routerFiles } from './routes.ts';
import { removeContainer } from './start.ts';
import { performStep } from './steps.ts';
import { survey } from './survey.ts';
import { forgetTask, runTask } from './tasks.ts';
import { usageOf } from './usage.ts';

export type DockerEngineOptions = {
  /** Unix socket of Docker or Podman. */
  readonly socket: string;
  /** Prefix of containers and networks, and label: several platforms may share a machine. */
  readonly platform: string;
  /** State folder; the router keeps its files in `router/`, instances theirs in `files/`. */
  readonly home: string;
  readonly ports: { readonly first: number; readonly last: number };
  readonly registryAccess: RegistryAccess;
  readonly environments: readonly string[];
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** A folder in memory for secrets. Default: /run/beluga. */
  readonly memory?: string;
};

export function createDockerEngine(options: DockerEngineOptions): Engine {
  return new DockerEngine(options);
}

class DockerEngine implements Engine {
  readonly ports: { readonly first: number; readonly last: number };
  readonly #options: DockerEngineOptions;
  readonly #client: Client;
  readonly #roots: FileRoots;
  readonly #router: Router;
  readonly #environments: Environments;
  readonly #cgroups = new Map<string, CgroupPaths>();
  #farewell: Farewell = async () => {};

  constructor(options: DockerEngineOptions) {
    this.#options = options;
    this.ports = options.ports;
    this.#client = createClient(options.socket);
    this.#roots = { files: join(options.home, 'files'), secrets: join(options.memory ?? '/run/beluga', options.platform, 'secrets') };
    this.#router = new Router({ folder: join(options.home, 'router'), range: options.ports, gateways: [] });
    this.#environments = new Environments({ client: this.#client, platform: options.platform, folder: options.home, log: options.log });
  }

  info(): Promise<EngineInfo> {
    return engineInfo(this.#client);
  }

  async prepare(environments: readonly string[]): Promise<void> {
    const networks = await this.#environments.prepare([...new Set([...this.#options.environments, ...environments])]);
    await this.#router.ensure(networks.map((network) => network.gateway));
  }

  async observe(place: Place): Promise<Observed> {
    await this.#ensureRouter();
    return await observe(this.#client, this.#options.platform, this.#router, place);
  }

  async instances(place: Partial<Place> = {}): Promise<readonly PlacedInstance[]> {
    const found = await listContainers(this.#client, this.#options.platform, place);
    return found.flatMap((container) => {
      const its = placeOf(container.labels);
      return its === null ? [] : [{ name: nameOf(container), place: its, running: container.state === 'running' }];
    });
  }

  beforeRemoval(listener: (place: Place, instance: string) => Promise<void>): void {
    this.#farewell = farewell(listener, this.#options.log);
  }

  async places(): Promise<readonly Place[]> {
    const found = await listInstances(this.#client, this.#options.platform);
    const places = found.flatMap((container) => placeOf(container.labels) ?? []);
    return [...new Map(places.map((place) => [placeKey(place), place])).values()];
  }

  async compare(desired: Workload): Promise<readonly Deviation[]> {
    await this.#ensureRouter();
    const limits = await this.#environments.limits();
    const [containers, routes] = await Promise.all([
      compareContainers({ client: this.#client, platform: this.#options.platform, limits }, desired),
      compareRoutes(this.#routes, desired),
    ]);
    return [...containers, ...routes];
  }

  async survey(): Promise<Survey> {
    await this.#ensureRouter();
    const { platform, environments } = this.#options;
    const poolName = (place: string) => this.#router.poolName(place);
    return await survey({ client: this.#client, platform, environments, files: this.#routes.files, poolName, cgroups: this.#cgroups });
  }

  get #routes(): RouteGround {
    return { router: this.#router, files: routerFiles(join(this.#options.home, 'router')) };
  }

  plan(desired: Workload | null, observed: Observed): readonly Step[] {
    return plan(desired, observed);
  }

  undo(desired: Workload, observed: Observed, former: Workload | null): readonly Step[] {
    return undo(desired, observed, former);
  }

  async perform(desired: Workload | Place, step: Step, signal: AbortSignal): Promise<StepOutcome> {
    signal.throwIfAborted();
    if (step.kind === 'pull') return await this.#pull(step.image, signal);
    if (step.kind === 'schedule') return { sentence: `Runs start at ${step.cron} from this release.` };
    await this.#ensureRouter();
    const ground = {
      client: this.#client,
      platform: this.#options.platform,
      roots: this.#roots,
      router: this.#router,
      environments: this.#environments,
      farewell: this.#farewell,
    };
    return await performStep(ground, desired, step, signal);
  }

  async #pull(image: string, signal: AbortSignal): Promise<StepOutcome> {
    const fetched = await pull(this.#client, image, this.#options.registryAccess, signal);
    return { sentence: fetched ? `Pulled ${image}.` : `${image} is on the engine.` };
  }

  async address(place: Place): Promise<string> {
    await this.#ensureRouter();
    const port = this.#router.port(placeKey(place));
    if (port === null) throw new BelugaError('not-deployed', { component: place.component, environment: place.environment });
    return `http://127.0.0.1:${port}`;
  }

  async route(place: Place, port: number): Promise<void> {
    await this.#ensureRouter();
    await mendRoutes(this.#routes, place);
    await rejoin(this.#client, this.#options.platform, place);
    await this.#router.assign(placeKey(place), port);
  }

  async *logs(instance: string, options: LogOptions): AsyncIterable<LogLine> {
    const all = await listContainers(this.#client, this.#options.platform);
    const found = all.find((container) => nameOf(container) === instance);
    if (found === undefined) throw new BelugaError('unknown-instance', { instance });
    yield* readLog(this.#client, found.id, instance, options);
  }

  changes(signal: AbortSignal): AsyncIterable<EngineChange> {
    return follow(this.#client, this.#options.platform, signal);
  }

  async counters(place: Place): Promise<RouterCounters> {
    await this.#ensureRouter();
    return await this.#router.counters(placeKey(place));
  }

  async usage(place: Place): Promise<readonly Usage[]> {
    const containers = await listInstances(this.#client, this.#options.platform, place);
    const found = await Promise.all(containers.map((container) => usageOf(this.#client, container)));
    return found.filter((usage) => usage !== null);
  }

  async probe(instance: string, probe: Probe): Promise<string | null> {
    const container = await this.#instance(instance);
    if (probe.command === undefined) return await probeLive(container, probe);
    return await probeCommand(this.#client, container.id, probe.command, probe.timeoutMs);
  }

  async heed({ component, environment }: Place, { ready, unready }: Said): Promise<void> {
    await this.#ensureRouter();
    const place = { component, environment };
    const found = await listInstances(this.#client, this.#options.platform, place);
    const addresses = (names: readonly string[]) => found.filter(({ instance }) => names.includes(instance)).map(addressOf);
    await this.#router.heed(placeKey(place), addresses(ready), addresses(unready));
  }

  async hold(instance: string, graceMs: number): Promise<void> {
    await holdContainer(this.#client, (await this.#instance(instance)).id, graceMs);
  }

  async #instance(instance: string): Promise<Container> {
    const found = (await listInstances(this.#client, this.#options.platform)).find((container) => container.instance === instance);
    if (found === undefined) throw new BelugaError('unknown-instance', { instance });
    return found;
  }

  async task(workload: Workload, name: string, deadlineMs: number, signal: AbortSignal): Promise<TaskOutcome> {
    await this.#ensureRouter();
    await this.#pull(workload.image, signal);
    const [network, limits] = await Promise.all([this.#environments.network(workload.environment), this.#environments.limits()]);
    const ground = { client: this.#client, platform: this.#options.platform, roots: this.#roots, network, limits };
    const takeAddress = async () => {
      const ip = await this.#environments.takeAddress(workload.environment);
      await this.#router.allow(ip, reachable(workload));
      return ip;
    };
    return await runTask(ground, { workload, name, deadlineMs, signal }, takeAddress);
  }

  async forget(task: string): Promise<void> {
    const { platform } = this.#options;
    await Promise.all((await listContainers(this.#client, platform, { task })).map(this.#farewell));
    const addresses = await forgetTask(this.#client, platform, this.#roots, task);
    await this.#ensureRouter();
    for (const ip of addresses) await this.#router.allow(ip, {});
  }

  holdings(): Promise<readonly Holding[]> {
    return holdingsOf({ client: this.#client, platform: this.#options.platform, roots: this.#roots });
  }

  async discard(leftover: Leftover): Promise<boolean> {
    if (leftover.kind !== 'task') return await discard({ client: this.#client, roots: this.#roots }, leftover);
    await this.forget(leftover.name);
    return true;
  }

  async shutDown(): Promise<void> {
    try {
      const { signal } = new AbortController();
      await Promise.all((await this.places()).map((place) => this.#retire(place, signal)));
      const left = await listContainers(this.#client, this.#options.platform);
      await Promise.all(left.map(this.#farewell));
      await Promise.all(left.map((container) => removeContainer(this.#client, container.id)));
    } finally {
      await this.#router.stop();
    }
  }

  async #retire(place: Place, signal: AbortSignal): Promise<void> {
    for (const step of plan(null, await this.observe(place))) await this.perform(place, step, signal);
  }

  /** Prepares on first use and starts HAProxy again when it died. */
  async #ensureRouter(): Promise<void> {
    if (this.#environments.prepared) await this.#router.ensure();
    else await this.prepare(this.#options.environments);
  }
}
