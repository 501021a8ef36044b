/** What has to be done before the platform can start here: a pure function of what the machine has. */
import { CliError } from '../errors.ts';
import { dockerSocket, podmanSocket } from './engine-socket.ts';
import type { Machine } from './machine.ts';

/** One step, as it is shown before it is done: what, why, and how a person would do it. */
export type SetupStep = { readonly what: string; readonly why: string; readonly how: string } & Act;
export type Act = { readonly kind: 'package-lists' } | { readonly kind: 'packages'; readonly names: readonly string[] } | EngineStart;
export type EngineStart = {
  readonly kind: 'start-engine';
  readonly engine: 'docker' | 'podman';
  readonly socket: string;
  readonly by: 'systemd' | 'beluga';
};

/** What the state folder takes with the embedded database and the images of the demo. */
export const stateMb = 1_000;
/** What the packages, the engine and its copies of the images take. */
export const systemMb = 1_500;
/** What a platform that is set up needs to start again. */
const restartMb = 100;

/** The steps in order; none where nothing is missing. */
export function planSetup(machine: Machine): readonly SetupStep[] {
  const names = missingPackages(machine);
  return [
    ...(names.length > 0 && !machine.packageLists ? [listsStep] : []),
    ...(names.length > 0 ? [packagesStep(names)] : []),
    ...(machine.engine.kind === 'silent' ? [engineStep(machine)] : []),
  ];
}

const listsStep: SetupStep = {
  kind: 'package-lists',
  what: 'read the lists of packages',
  why: 'apt knows none yet',
  how: 'apt-get update',
};

const purposes: Readonly<Record<string, string>> = {
  haproxy: 'the router',
  'docker.io': 'the engine that runs containers',
  runc: 'what Podman starts containers with',
  apparmor: 'the kernel asks the engine for profiles',
  'ca-certificates': 'to trust registries',
  git: 'the source of releases',
};

/** An engine that is there is used as it is; otherwise Docker comes from the distribution. */
export function missingPackages(machine: Machine): readonly string[] {
  const { programs, engine, certificates, appArmor, hybridCgroups } = machine;
  const silent = engine.kind === 'silent';
  const install = silent && !programs.dockerd && !programs.podman;
  const wanted: readonly (readonly [string, boolean])[] = [
    ['haproxy', !programs.haproxy],
    ['docker.io', install],
    ['runc', silent && !install && !programs.dockerd && hybridCgroups && !programs.runc],
    ['apparmor', silent && appArmor && !programs.apparmor_parser],
    ['ca-certificates', !certificates],
    ['git', !programs.git],
  ];
  return wanted.filter(([, missing]) => missing).map(([name]) => name);
}

function packagesStep(names: readonly string[]): SetupStep {
  return {
    kind: 'packages',
    names,
    what: `install ${names.join(', ')} from the distribution`,
    why: names.map((name) => `${name}: ${purposes[name] ?? 'needed'}`).join('; '),
    how: `apt-get install --no-install-recommends ${names.join(' ')}`,
  };
}

function engineStep({ programs, systemd, engineSetting, engine: { socket: named } }: Machine): SetupStep {
  const engine = programs.dockerd || !programs.podman ? 'docker' : 'podman';
  const socket = engineSetting === null ? (engine === 'docker' ? dockerSocket : podmanSocket) : named;
  const unit = engine === 'docker' ? 'docker.service' : 'podman.socket';
  const byHand = engine === 'docker' ? `dockerd -H unix://${socket}` : `podman system service --time=0 unix://${socket}`;
  return {
    kind: 'start-engine',
    engine,
    socket,
    by: systemd ? 'systemd' : 'beluga',
    what: `start ${nameOf(engine)} on ${socket}`,
    why: 'no engine answers',
    how: systemd ? `systemctl start ${unit}` : byHand,
  };
}

export function nameOf(engine: EngineStart['engine']): string {
  return engine === 'docker' ? 'Docker' : 'Podman';
}

/** Throws the first reason for which this machine cannot be set up; nothing was changed then. */
export function refuseImpossible(machine: Machine, steps: readonly SetupStep[]): void {
  const { homeProblem, home, listen } = machine;
  if (homeProblem !== null) throw new CliError('state-folder', { folder: home, problem: homeProblem });
  refuseEngine(machine);
  if (listen.state === 'taken') {
    const holder = listen.holder === null ? '' : ` (${listen.holder})`;
    throw new CliError('port-taken', { host: listen.host, port: listen.port, holder, setting: 'BELUGA_LISTEN' });
  }
  refuseSmallDisk(machine, steps);
  if (steps.length > 0) refuseInstallation(machine, steps);
}

function refuseEngine({ engine, engineSetting: setting }: Machine): void {
  if (engine.kind === 'forbidden') throw new CliError('engine-forbidden', { socket: engine.socket });
  if (engine.kind === 'silent' && setting !== null) {
    throw new CliError('engine-silent', { socket: engine.socket, problem: engine.problem, setting });
  }
}

function refuseSmallDisk({ home, freeMb, systemFreeMb }: Machine, steps: readonly SetupStep[]): void {
  const fresh = steps.length > 0;
  const neededMb = fresh ? stateMb : restartMb;
  if (freeMb < neededMb) throw new CliError('disk-full', { folder: home, freeMb, neededMb });
  if (fresh && systemFreeMb < systemMb) throw new CliError('disk-full', { folder: '/var/lib', freeMb: systemFreeMb, neededMb: systemMb });
}

function refuseInstallation({ root, programs, system }: Machine, steps: readonly SetupStep[]): void {
  if (!root) {
    const missing = steps.map(({ what }) => what).join(', ');
    throw new CliError('not-root', { missing, how: steps.map(({ how }) => how).join(' && ') });
  }
  const packages = steps.find((step) => step.kind === 'packages');
  if (packages !== undefined && !programs['apt-get']) {
    throw new CliError('no-package-manager', { missing: packages.names.join(', '), system });
  }
}
