/** What `beluga doctor` says of a machine: a pure function of what it has, by the same rules as the set-up. */
import type { Machine } from './machine.ts';
import { missingPackages, stateMb, systemMb } from './plan.ts';

export type Finding = {
  readonly what: string;
  readonly state: 'ok' | 'missing' | 'wrong';
  readonly says: string;
  readonly remedy: string | null;
};

export function findingsOf(machine: Machine): readonly Finding[] {
  return [
    good('system', machine.system),
    good('node', process.version),
    engineFinding(machine),
    programFinding(machine, 'haproxy', 'the router'),
    programFinding(machine, 'git', 'the source of releases'),
    ...certificatesFinding(machine),
    ...aptFinding(machine),
    homeFinding(machine),
    diskFinding(machine),
    portFinding(machine),
  ];
}

export function good(what: string, says: string): Finding {
  return { what, state: 'ok', says, remedy: null };
}

function engineFinding({ engine, engineSetting, programs, root }: Machine): Finding {
  const what = 'engine';
  if (engine.kind === 'answers') return good(what, `answers on ${engine.socket}`);
  if (engine.kind === 'forbidden') {
    const remedy = 'run as root, or join the group that owns the socket (usually docker)';
    return { what, state: 'wrong', says: `this user may not use ${engine.socket}`, remedy };
  }
  if (engineSetting !== null) {
    const remedy = `start Docker or Podman there, or unset ${engineSetting}`;
    return { what, state: 'wrong', says: `${engine.socket} does not answer: ${engine.problem}`, remedy };
  }
  const there = programs.dockerd || programs.podman;
  const remedy = `${root ? '`beluga up`' : '`sudo beluga up`'} ${there ? 'starts it' : 'installs Docker'}`;
  return { what, state: 'missing', says: there ? 'installed, but it does not run' : 'neither Docker nor Podman is installed', remedy };
}

function programFinding({ programs, root }: Machine, name: 'haproxy' | 'git', purpose: string): Finding {
  if (programs[name]) return good(name, `installed (${purpose})`);
  return {
    what: name,
    state: 'missing',
    says: `not installed (${purpose})`,
    remedy: `${root ? '`beluga up`' : '`sudo beluga up`'} installs it`,
  };
}

function certificatesFinding({ certificates }: Machine): readonly Finding[] {
  if (certificates) return [];
  return [{ what: 'certificates', state: 'missing', says: 'no registry can be trusted', remedy: '`beluga up` installs ca-certificates' }];
}

/** What apt must give can only come from apt. */
function aptFinding(machine: Machine): readonly Finding[] {
  const names = missingPackages(machine).join(', ');
  if (names === '' || machine.programs['apt-get']) return [];
  return [{ what: 'apt', state: 'wrong', says: `${machine.system} has no apt`, remedy: `install ${names} by hand` }];
}

function homeFinding({ home, homeProblem }: Machine): Finding {
  if (homeProblem === null) return good('state folder', home);
  return { what: 'state folder', state: 'wrong', says: homeProblem, remedy: 'set BELUGA_HOME to a folder that this user can write' };
}

function diskFinding({ freeMb, systemFreeMb, home }: Machine): Finding {
  const small = [
    ...(freeMb < stateMb ? [`${freeMb} of ${stateMb} MB are free for ${home}`] : []),
    ...(systemFreeMb < systemMb ? [`${systemFreeMb} of ${systemMb} MB are free for images in /var/lib`] : []),
  ];
  if (small.length === 0) return good('disk', `${Math.min(freeMb, systemFreeMb)} MB free`);
  return { what: 'disk', state: 'wrong', says: small.join('; '), remedy: 'free some space' };
}

function portFinding({ listen: { host, port, state, holder } }: Machine): Finding {
  const what = 'port';
  if (state !== 'taken') return good(what, `${host}:${port} is ${state === 'ours' ? 'held by Beluga' : 'free'}`);
  const says = `${host}:${port} is taken by ${holder ?? 'another program'}`;
  return { what, state: 'wrong', says, remedy: 'stop it, or set BELUGA_LISTEN to a free port' };
}
