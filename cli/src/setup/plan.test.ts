import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CliError, type ErrorCode } from '../errors.ts';
import { aptFailure } from './apt.ts';
import { findingsOf } from './findings.ts';
import type { Machine } from './machine.ts';
import { wordsOfPlan } from './perform.ts';
import { planSetup, refuseImpossible } from './plan.ts';

const everything = { 'apt-get': true, haproxy: true, dockerd: true, podman: false, runc: true, git: true, apparmor_parser: true };
const ready: Machine = {
  root: true,
  system: 'Debian GNU/Linux 12 (bookworm)',
  home: '/var/lib/beluga',
  systemd: false,
  programs: everything,
  packageLists: true,
  certificates: true,
  appArmor: false,
  hybridCgroups: false,
  engine: { kind: 'answers', socket: '/var/run/docker.sock' },
  engineSetting: null,
  homeProblem: null,
  freeMb: 50_000,
  systemFreeMb: 50_000,
  listen: { host: '127.0.0.1', port: 4600, state: 'free', holder: null },
};
const silent = { kind: 'silent', socket: '/var/run/docker.sock', problem: 'it is not there' } as const;
const bare: Machine = {
  ...ready,
  packageLists: false,
  certificates: false,
  engine: silent,
  programs: { ...everything, haproxy: false, dockerd: false, runc: false, git: false },
};

describe('what a machine needs', () => {
  const planned = (machine: Machine) => planSetup(machine).map(({ what }) => what);

  test('is nothing where all is there, and each step once where nothing is', () => {
    assert.deepEqual(planned(ready), []);
    assert.deepEqual(planned(bare), [
      'read the lists of packages',
      'install haproxy, docker.io, ca-certificates, git from the distribution',
      'start Docker on /var/run/docker.sock',
    ]);
  });

  test('is shown before it is done: what, why, and the command', () => {
    const words = wordsOfPlan(planSetup(bare));
    assert.match(words, /^This machine needs:\n/);
    assert.match(words, /haproxy: the router/);
    assert.match(words, /apt-get install --no-install-recommends haproxy/);
    assert.match(words, /dockerd -H unix:\/\/\/var\/run\/docker\.sock/);
  });

  test('is no other engine where Docker or Podman answers, and the one that is there where none does', () => {
    const podman = { ...ready, programs: { ...everything, dockerd: false, podman: true } };
    assert.deepEqual(planned({ ...podman, engine: { kind: 'answers', socket: '/run/podman/podman.sock' } }), []);
    assert.deepEqual(planned({ ...podman, engine: silent }), ['start Podman on /run/podman/podman.sock']);
    const hybrid = { ...podman, engine: silent, hybridCgroups: true, programs: { ...podman.programs, runc: false } };
    assert.deepEqual(planned(hybrid), ['install runc from the distribution', 'start Podman on /run/podman/podman.sock']);
  });
});

describe('a machine that cannot be set up', () => {
  const cases: readonly (readonly [string, Machine, ErrorCode, RegExp])[] = [
    ['neither root nor an engine', { ...bare, root: false }, 'not-root', /sudo beluga up/],
    ['an engine this user may not use', { ...ready, engine: { ...silent, kind: 'forbidden' } }, 'engine-forbidden', /group that owns/],
    ['an engine that was named and is silent', { ...ready, engine: silent, engineSetting: 'DOCKER_HOST' }, 'engine-silent', /DOCKER_HOST/],
    ['a port that is taken', { ...ready, listen: { ...ready.listen, state: 'taken', holder: 'nginx' } }, 'port-taken', /BELUGA_LISTEN/],
    ['a full disk', { ...bare, freeMb: 12 }, 'disk-full', /Free some space/],
    ['a full disk for images', { ...bare, systemFreeMb: 12 }, 'disk-full', /Free some space/],
    ['a state folder that cannot be written', { ...ready, homeProblem: '/var/lib is not writable' }, 'state-folder', /BELUGA_HOME/],
    ['no apt', { ...bare, programs: { ...bare.programs, 'apt-get': false } }, 'no-package-manager', /by hand/],
  ];
  for (const [name, machine, code, remedy] of cases) {
    test(`is refused in one sentence with a remedy, before anything is done, and by the doctor too: ${name}`, () => {
      assert.throws(
        () => refuseImpossible(machine, planSetup(machine)),
        (error) => error instanceof CliError && error.code === code && remedy.test(error.remedy) && !error.message.includes('\n'),
      );
      assert.ok(findingsOf(machine).some(({ state, remedy: advice }) => state !== 'ok' && advice !== null));
    });
  }

  test('a machine that can be is not refused', () => {
    refuseImpossible(bare, planSetup(bare));
    refuseImpossible(ready, planSetup(ready));
    assert.ok(findingsOf(ready).every(({ state }) => state === 'ok'));
  });
});

test('what apt says becomes a cause: no mirror, a lock, a full disk, an interrupted installation', () => {
  const cause = (text: string, code = 100) => aptFailure({ code, text })?.code;
  assert.equal(cause("E: Failed to fetch http://m/x  Could not resolve 'm'"), 'mirror-unreachable');
  assert.equal(cause('W: Some index files failed to download. They have been ignored', 0), 'apt-failed');
  assert.equal(cause('E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 12 (apt)'), 'apt-busy');
  assert.equal(cause("E: You don't have enough free space in /var/cache/apt/archives/."), 'disk-full');
  assert.equal(cause("E: dpkg was interrupted, you must manually run 'dpkg --configure -a'"), 'apt-broken-off');
  assert.equal(cause('E: Unable to locate package haproxy'), 'apt-outdated');
  assert.equal(cause('Reading package lists...', 0), undefined);
});
