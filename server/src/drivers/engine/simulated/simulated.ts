/**
 * The simulated engine: the same behaviour as the real ones, in memory and at once, to develop and test what stands on the port.
 *
 * Faults are asked for by hand: a step or call that fails, an instance that dies, an engine that goes away.
 */
import type { Deviation } from '../../../domain/drift/drift.ts';
import type { Instance, Observed } from '../../../domain/instance.ts';
import { guardShift, guardStop } from '../../../domain/rollout/guard.ts';
import { asked, plan } from '../../../domain/rollout/plan.ts';
import { counted } from '../../../domain/rollout/sentence.ts';
import type { Step } from '../../../domain/rollout/step.ts';
import { undo } from '../../../domain/rollout/undo.ts';
import type { Place, Workload } from '../../../domain/workload.ts';
import { BelugaError } from '../../../errors.ts';
import type {
  EngineChange,
  LogLine,
  LogOptions,
  PlacedInstance,
  RouterCounters,
  Said,
  StepOutcome,
  Survey,
  TaskOutcome,
  Usage,
} from '../engine.ts';
import type { Call, Fault, SimulatedEngine, SimulatedOptions } from './by-hand.ts';
import { Feed } from './feed.ts';
import { newborn, wellAgain } from './newborn.ts';
import { key, placeOf } from './places.ts';

export type { SimulatedEngine } from './by-hand.ts';

type Held = { readonly place: Place; instance: Instance; readonly lines: LogLine[] };

export function createSimulatedEngine(options: SimulatedOptions = {}): SimulatedEngine {
  return new Simulated(options);
}

class Simulated implements SimulatedEngine {
  readonly ports: { readonly first: number; readonly last: number };
  readonly performed: Step[] = [];
  readonly #held = new Map<string, Held>();
  readonly #routes = new Map<string, number>();
  readonly #traffic = new Map<string, Partial<RouterCounters>>();
  readonly #used = new Map<string, Usage>();
  readonly #dead = new Set<string>();
  readonly #shares = new Map<string, number>();
  readonly #tasks = new Map<string, Promise<TaskOutcome>>();
  #deviations: readonly Deviation[] = [];
  readonly #feed = new Feed<EngineChange>();
  readonly #now: () => string;
  readonly #task: NonNullable<SimulatedOptions['task']>;
  #faults: { readonly fault: Fault; left: number }[] = [];
  readonly #behaves: NonNullable<SimulatedOptions['behaves']>;
  #up = true;
  #farewell: (place: Place, instance: string) => Promise<void> = async () => {};

  constructor(options: SimulatedOptions) {
    this.ports = options.ports ?? { first: 21_000, last: 21_127 };
    this.#behaves = options.behaves ?? (() => null);
    this.#now = options.now ?? (() => '2026-01-01T00:00:00Z');
    this.#task = options.task ?? (() => ({ exitCode: 0, log: [] }));
  }

  async info() {
    this.#meet('info', '');
    return { kind: 'simulated', version: '1' };
  }

  async prepare(): Promise<void> {
    this.#meet('info', '');
  }

  async observe(place: Place): Promise<Observed> {
    this.#meet('observe', place.component);
    return this.#observed(place);
  }

  async instances(place?: Place): Promise<readonly PlacedInstance[]> {
    this.#meet('observe', place?.component ?? '');
    const held = [...this.#held.values()].filter((one) => place === undefined || key(one.place) === key(place));
    return held.map((one) => ({ name: one.instance.name, place: placeOf(one.place), running: one.instance.state === 'running' }));
  }

  beforeRemoval(listener: (place: Place, instance: string) => Promise<void>): void {
    this.#farewell = listener;
  }

  async places(): Promise<readonly Place[]> {
    this.#meet('observe', '');
    return [...new Map([...this.#held.values()].map((held) => [key(held.place), held.place])).values()];
  }

  async compare(desired: Workload): Promise<readonly Deviation[]> {
    this.#meet('observe', desired.component);
    return this.#deviations.filter(({ instance }) => instance.startsWith(`${desired.component}.${desired.environment}.`));
  }

  async survey(): Promise<Survey> {
    this.#meet('observe', '');
    const marks = new Map<string, string>();
    for (const { place, instance } of this.#held.values()) {
      marks.set(key(place), `${marks.get(key(place)) ?? ''}${instance.name} ${instance.state} ${instance.traffic}\n`);
    }
    return { marks, strangers: [] };
  }

  plan(desired: Workload | null, observed: Observed): readonly Step[] {
    return plan(desired, observed);
  }

  undo(desired: Workload, observed: Observed, former: Workload | null): readonly Step[] {
    return undo(desired, observed, former);
  }

  async perform(desired: Workload | Place, step: Step, signal: AbortSignal): Promise<StepOutcome> {
    signal.throwIfAborted();
    this.#meet(step.kind, 'instances' in step ? step.instances.join(' ') : 'image' in step ? step.image : '');
    const fault = 'generation' in desired ? this.#behaves(desired, step.kind) : null;
    if (fault !== null) throw fault;
    for (const name of step.kind === 'stop' ? step.instances : []) {
      this.#held.get(name)?.lines.push({ at: this.#now(), instance: name, stream: 'out', text: 'told to stop' });
      await this.#farewell(placeOf(desired), name);
    }
    const outcome = this.#do(desired, step);
    this.performed.push(step);
    this.#feed.push({ kind: 'instance', place: { component: desired.component, environment: desired.environment }, what: step.kind });
    return outcome;
  }

  #do(desired: Workload | Place, step: Step): StepOutcome {
    switch (step.kind) {
      case 'pull':
        return { sentence: `Pulled ${step.image}.` };
      case 'start':
        return this.#start(desired, step.instances);
      case 'ready':
        return this.#ready(step.instances);
      case 'check':
        return { sentence: `${counted(step.instances)} answered ${step.check.path} as declared.` };
      case 'weigh':
        return this.#weigh(desired, step.instances, step.percent);
      case 'analyse':
        return { sentence: `${counted(step.instances)} as good as the former.` };
      case 'shift':
        return this.#shift(desired, step);
      case 'drain':
        this.#change(step.instances, { traffic: 'none' });
        return { sentence: `${counted(step.instances)} drained.` };
      case 'stop':
        return this.#stop(desired, step.instances);
      case 'schedule':
        return { sentence: `Runs at ${step.cron}.` };
    }
  }

  #start(desired: Workload | Place, instances: readonly string[]): StepOutcome {
    if (!('generation' in desired)) throw new BelugaError('internal', { problem: 'a start needs the workload' });
    for (const name of instances) {
      if (this.#held.get(name)?.instance.state === 'running') continue;
      const at = this.#now();
      this.#deviations = this.#deviations.filter(({ instance }) => instance !== name);
      const lines: LogLine[] = [{ at, instance: name, stream: 'out', text: `listening on ${desired.port}` }];
      this.#held.set(name, { place: desired, instance: newborn(desired, name, at), lines });
    }
    return { sentence: `Started ${counted(instances)}.` };
  }

  #ready(instances: readonly string[]): StepOutcome {
    for (const name of instances) {
      const { state, exitCode } = this.#holding(name).instance;
      if (state !== 'running') throw new BelugaError('crashes', { instance: name, exitCode: exitCode ?? 137 }, { log: ['killed'] });
    }
    this.#change(instances, { healthy: true });
    return { sentence: `${counted(instances)} ready.` };
  }

  #weigh(desired: Place, instances: readonly string[], percent: number): StepOutcome {
    this.#change(instances, { traffic: 'canary' });
    this.#shares.set(key(desired), percent);
    return { sentence: `${counted(instances)} get ${percent} % of the requests.` };
  }

  #shift(desired: Workload | Place, step: Step & { kind: 'shift' }): StepOutcome {
    guardShift(desired, step, this.#observed(desired), 'generation' in desired ? asked(desired) : 1);
    this.#change(step.add, { traffic: 'serving' });
    this.#change(step.remove, { traffic: 'drain' });
    return { sentence: `${counted(step.add)} serve, ${counted(step.remove)} leave.` };
  }

  #stop(desired: Place, instances: readonly string[]): StepOutcome {
    guardStop(desired, instances, this.#observed(desired));
    for (const name of instances) this.#held.delete(name);
    this.#deviations = this.#deviations.filter(({ instance }) => !instances.includes(instance));
    return { sentence: `Stopped ${counted(instances)}.` };
  }

  async address(place: Place): Promise<string> {
    const port = this.#routes.get(key(place));
    if (port === undefined) throw new BelugaError('not-deployed', { component: place.component, environment: place.environment });
    return `http://127.0.0.1:${port}`;
  }

  async route(place: Place, port: number): Promise<void> {
    this.#meet('info', '');
    this.#routes.set(key(place), port);
  }

  async *logs(instance: string, options: LogOptions): AsyncIterable<LogLine> {
    const held = this.#held.get(instance);
    if (held === undefined) throw new BelugaError('unknown-instance', { instance });
    this.#meet('observe', instance);
    yield* held.lines.slice(-(options.tail ?? held.lines.length));
  }

  changes(signal: AbortSignal): AsyncIterable<EngineChange> {
    return this.#feed.follow(signal);
  }

  async counters(place: Place) {
    return { requests: 0, failed: 0, inFlight: 0, failures: {}, ...this.#traffic.get(key(place)) };
  }

  async usage(place: Place): Promise<readonly Usage[]> {
    this.#meet('observe', place.component);
    return [...this.#used.values()].filter(({ instance }) => instance.startsWith(`${place.component}.${place.environment}.`));
  }

  async probe(instance: string): Promise<string | null> {
    return this.#dead.has(instance) ? 'no answer within 1000 ms' : null;
  }

  async heed(_: Place, { ready, unready }: Said): Promise<void> {
    for (const name of ready) this.#holding(name).instance = wellAgain(this.#holding(name).instance);
    this.#change(unready, { healthy: false, unready: true });
  }

  async hold(instance: string): Promise<void> {
    this.#holding(instance);
    this.#change([instance], { state: 'exited', healthy: false, exitCode: 143 });
  }

  async shutDown(): Promise<void> {
    this.#held.clear();
  }

  async task(workload: Workload, name: string): Promise<TaskOutcome> {
    this.#meet('task', name);
    const running = this.#tasks.get(name) ?? Promise.resolve(this.#task(workload, name));
    this.#tasks.set(name, running);
    return await running;
  }

  async holdings(): Promise<readonly []> {
    return [];
  }

  async discard(): Promise<boolean> {
    return true;
  }

  async forget(task: string): Promise<void> {
    this.#tasks.delete(task);
  }

  fail(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#faults.push(entry);
    return () => void (this.#faults = this.#faults.filter((other) => other !== entry));
  }

  kill(instance: string): void {
    const { place } = this.#holding(instance);
    this.#change([instance], { state: 'exited', healthy: false, exitCode: 137 });
    this.#feed.push({ kind: 'instance', place, what: 'die' });
  }

  crash(instance: string, times: number): void {
    const { place, instance: before } = this.#holding(instance);
    this.#change([instance], { healthy: false, restarts: before.restarts + times, startedAt: this.#now() });
    this.#feed.push({ kind: 'instance', place, what: 'die' });
  }

  uses(usage: Usage): void {
    this.#used.set(usage.instance, usage);
  }

  gets(place: Place, traffic: Partial<RouterCounters>): void {
    this.#traffic.set(key(place), traffic);
  }

  deaf(instance: string, yes: boolean): void {
    this.#dead[yes ? 'add' : 'delete'](instance);
  }

  unready(instance: string): void {
    this.#change([instance], { healthy: false, unready: true });
  }

  reachable(yes: boolean): void {
    this.#up = yes;
    this.#feed.push({ kind: yes ? 'engine-up' : 'engine-down', place: null, what: yes ? 'answers' : 'does not answer' });
  }

  plant(place: Place, instance: Instance): void {
    this.#held.set(instance.name, { place, instance, lines: [] });
  }

  alter(deviation: Deviation, change: Partial<Instance> = {}): void {
    const { place } = this.#holding(deviation.instance);
    this.#deviations = [...this.#deviations, deviation];
    this.#change([deviation.instance], change);
    this.#feed.push({ kind: 'instance', place, what: deviation.kind });
  }

  takeAway(instance: string): void {
    const { place } = this.#holding(instance);
    this.#held.delete(instance);
    this.#feed.push({ kind: 'instance', place, what: 'remove' });
  }

  #meet(call: Call, subject: string): void {
    if (!this.#up) throw new BelugaError('engine-unreachable', { socket: 'memory', problem: 'switched off' });
    const entry = this.#faults.find(({ fault, left }) => left > 0 && fault.on === call && subject.includes(fault.matching ?? ''));
    if (entry === undefined) return;
    entry.left -= 1;
    throw entry.fault.error;
  }

  #observed(place: Place): Observed {
    const instances = [...this.#held.values()].filter((held) => key(held.place) === key(place)).map((held) => held.instance);
    const percent = instances.some(({ traffic }) => traffic === 'canary') ? this.#shares.get(key(place)) : undefined;
    return percent === undefined ? { instances } : { instances, canaryPercent: percent };
  }

  #holding(name: string): Held {
    const held = this.#held.get(name);
    if (held === undefined) throw new BelugaError('unknown-instance', { instance: name });
    return held;
  }

  #change(instances: readonly string[], change: Partial<Instance>): void {
    for (const name of instances) {
      const held = this.#held.get(name);
      if (held !== undefined) held.instance = { ...held.instance, ...change };
    }
  }
}
