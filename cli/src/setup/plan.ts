/** What has to be done before the platform can start here: a pure function of what the machine has. */
import { CliError } from '../errors.ts';
import { dockerSocket, podmanSocket } from './engine-socket.ts';
import { type Machine, neededMb } from './machine.ts';

export type SetupStep =
  | { readonly kind: 'packages'; readonly names: readonly string[]; readonly why: string }
  | { readonly kind: 'start-engine'; readonly engine: 'docker' | 'podman'; readonly socket: string; readonly by: 'systemd' | 'beluga' };

/** A check as `beluga doctor` shows it. */
export type Finding = {
  readonly what: string;
  readonly state: 'ok' | 'missing' | 'wrong';
  readonly says: string;
  readonly remedy: string | null;
};

export function planSetup(machine: Machine): readonly SetupStep[] {
  const names = missingPackages(machine);
  const steps: SetupStep[] = [];
  if (names.length > 0) steps.push({ kind: 'packages', names, why: whyPackages(names) });
  if (machine.engine.kind === 'silent') steps.push(engineStep(machine));
  return steps;
}

/** An engine that is there is used as it is; otherwise Docker comes from the distribution. */
function missingPackages({ programs, engine }: Machine): readonly string[] {
  const names: string[] = [];
  if (!programs.haproxy) names.push('haproxy');
  if (engine.kind === 'silent' && !programs.dockerd && !programs.podman) names.push('docker.io', 'iptables');
  if (!programs.git) names.push('git');
  return names;
}

function whyPackages(names: readonly string[]): string {
  const why: Readonly<Record<string, string>> = { haproxy: 'the router', 'docker.io': 'the engine', git: 'the source of releases' };
  return names.flatMap((name) => (why[name] === undefined ? [] : [`${name} (${why[name]})`])).join(', ');
}

function engineStep({ programs, systemd, engineSetting, engine }: Machine): SetupStep {
  const name = programs.dockerd || !programs.podman ? 'docker' : 'podman';
  const usual = name === 'docker' ? dockerSocket : podmanSocket;
  const socket = engineSetting === null ? usual : engine.socket;
  return { kind: 'start-engine', engine: name, socket, by: systemd ? 'systemd' : 'beluga' };
}

/** Throws the first reason for which this machine cannot be set up; nothing was changed then. */
export function refuseImpossible(machine: Machine, steps: readonly SetupStep[]): void {
  const { engine, homeProblem, home, freeMb, listen, root, engineSetting } = machine;
  if (homeProblem !== null) throw new CliError('state-folder', { folder: home, problem: homeProblem });
  if (engine.kind === 'forbidden') throw new CliError('engine-forbidden', { socket: engine.socket });
  if (engine.kind === 'silent' && engineSetting !== null) {
    throw new CliError('engine-silent', { socket: engine.socket, problem: engine.problem, setting: engineSetting });
  }
  if (listen.state === 'taken') throw new CliError('port-taken', { ...listen, holder: '', setting: 'BELUGA_LISTEN' });
  if (steps.length > 0 && freeMb < neededMb) throw new CliError('disk-full', { folder: home, freeMb, neededMb });
  if (freeMb < 200) throw new CliError('disk-full', { folder: home, freeMb, neededMb: 200 });
  if (steps.length > 0 && !root)
    throw new CliError('not-root', { missing: steps.map(wordsOf).join('; '), how: steps.map(howTo).join(' && ') });
  const packages = steps.find((step) => step.kind === 'packages');
  if (packages !== undefined && !machine.apt) {
    throw new CliError('no-package-manager', { missing: packages.names.join(', '), system: machine.system });
  }
}

/** A step in a few words, shown before it is done. */
export function wordsOf(step: SetupStep): string {
  if (step.kind === 'packages') return `install ${step.names.join(', ')} from the distribution: ${step.why}`;
  return `start ${step.engine === 'docker' ? 'Docker' : 'Podman'} on ${step.socket}`;
}

function howTo(step: SetupStep): string {
  if (step.kind === 'packages') return `apt-get install ${step.names.join(' ')}`;
  return step.engine === 'docker' ? 'systemctl start docker' : 'systemctl start podman.socket';
}

/** Everything that is checked, for `beluga doctor`. */
export function findings(machine: Machine): readonly Finding[] {
  const { programs, engine, home, homeProblem, freeMb, listen } = machine;
  const setUp = '`beluga up` installs it';
  const program = (what: string, there: boolean, says: string): Finding =>
    there ? { what, state: 'ok', says, remedy: null } : { what, state: 'missing', says: 'it is not installed', remedy: setUp };
  return [
    { what: 'node', state: 'ok', says: process.version, remedy: null },
    engineFinding(machine),
    program('haproxy', programs.haproxy, 'installed'),
    program('git', programs.git, 'installed'),
    homeProblem === null
      ? { what: 'state folder', state: 'ok', says: home, remedy: null }
      : { what: 'state folder', state: 'wrong', says: homeProblem, remedy: 'set BELUGA_HOME to a folder that this user can write' },
    freeMb >= neededMb || (freeMb >= 200 && engine.kind === 'answers')
      ? { what: 'disk', state: 'ok', says: `${freeMb} MB free`, remedy: null }
      : { what: 'disk', state: 'wrong', says: `${freeMb} MB free, ${neededMb} MB are needed`, remedy: 'free some space' },
    listen.state === 'taken'
      ? {
          what: 'port',
          state: 'wrong',
          says: `${listen.host}:${listen.port} is taken by another program`,
          remedy: 'stop it or set BELUGA_LISTEN',
        }
      : {
          what: 'port',
          state: 'ok',
          says: `${listen.host}:${listen.port} is ${listen.state === 'ours' ? 'held by Beluga' : 'free'}`,
          remedy: null,
        },
  ];
}

function engineFinding({ engine, programs, root }: Machine): Finding {
  const what = 'engine';
  if (engine.kind === 'answers') return { what, state: 'ok', says: `answers on ${engine.socket}`, remedy: null };
  if (engine.kind === 'forbidden') {
    return { what, state: 'wrong', says: `this user may not use ${engine.socket}`, remedy: 'run as root or join the group docker' };
  }
  const there = programs.dockerd || programs.podman;
  const remedy = root ? `\`beluga up\` ${there ? 'starts it' : 'installs Docker'}` : 'run `sudo beluga up`';
  return { what, state: 'missing', says: there ? 'installed, but it does not run' : 'neither Docker nor Podman is installed', remedy };
}
