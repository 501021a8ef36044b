/** What is changed by hand on a real engine or in the router is told, and put right without a failed request while another replica serves. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../../../../dev/until.ts';
import { type Deviation, deviationsOf, shownToPlanner } from '../../../domain/drift/drift.ts';
import { servesWell } from '../../../domain/instance.ts';
import type { Workload } from '../../../domain/workload.ts';
import { install, testWorkload } from '../subject.ts';
import { createClient } from './client.ts';
import { startLoad } from './rig/load.ts';
import { openSubject, type RealSubject } from './rig/subject.ts';
import { ask } from './router/socket.ts';
import { routerFiles } from './routes.ts';

const { signal } = new AbortController();
const megabyte = 1024 * 1024;
const names = ['truth.dev.g1.0', 'truth.dev.g1.1'];

for (const kind of ['docker', 'podman'] as const) {
  describe(`${kind}: what was changed by hand`, () => {
    let subject: RealSubject;
    let desired: Workload;
    let port = 0;
    before(async () => {
      subject = await openSubject(kind);
      await subject.engine.prepare(['dev']);
      port = subject.port();
      desired = testWorkload(subject, 'truth', '1', { resources: { cpuMillis: 500, memoryBytes: 100 * megabyte } });
      await subject.engine.route(desired, port);
      await install(subject.engine, desired);
    });
    after(() => subject?.close());
    const docker = () => createClient(subject.real.socket).docker;
    const container = (instance: string) => docker().getContainer(`${subject.platform}.${instance}`);
    const look = async (): Promise<readonly Deviation[]> => {
      const [observed, told] = await Promise.all([subject.engine.observe(desired), subject.engine.compare(desired)]);
      return deviationsOf(desired, { observed, told, served: names, started: [], held: [] });
    };
    const files = () => routerFiles(`${subject.home}/router`);
    const router = (command: string) => ask(files().socket, [command]);
    const kinds = async () => (await look()).map(({ kind: what, instance }) => `${what} ${instance}`);
    const sentences = async () => (await look()).map(({ sentence }) => sentence).join(' ');
    const repair = async () => {
      for (;;) {
        await subject.engine.route(desired, port);
        const deviations = await look();
        const steps = subject.engine.plan(desired, shownToPlanner(desired, await subject.engine.observe(desired), deviations));
        if (steps.length === 0) return;
        for (const step of steps) await subject.engine.perform(desired, step, signal);
      }
    };
    /** Repairs under load; nobody notices. */
    const repairUnseen = async () => {
      const load = startLoad({ url: `${await subject.engine.address(desired)}/`, kept: 60, fresh: 20, connections: 8 });
      await sleep(200);
      await repair();
      const report = await load.stop();
      assert.deepEqual(report.failures, {});
      assert.deepEqual(await kinds(), []);
      assert.deepEqual(
        (await subject.engine.observe(desired)).instances.filter(servesWell).map(({ name }) => name),
        names,
      );
    };

    test('is nothing when nothing was', async () => {
      assert.deepEqual(await look(), []);
      assert.deepEqual((await subject.engine.survey()).strangers, []);
    });

    test('a paused, a stopped and a removed instance are told apart, and a crash is none of them', async () => {
      const before = (await subject.engine.survey()).marks.get('truth.dev');
      await container(names[0] ?? '').pause();
      assert.deepEqual(await kinds(), [`paused ${names[0]}`]);
      assert.notEqual((await subject.engine.survey()).marks.get('truth.dev'), before);
      await repairUnseen();
      await container(names[0] ?? '').stop({ t: 1 });
      assert.deepEqual(await kinds(), [`stopped ${names[0]}`]);
      await repairUnseen();
      await container(names[1] ?? '').remove({ force: true });
      assert.deepEqual(await kinds(), [`removed ${names[1]}`]);
      await repairUnseen();
      await subject.kill(names[0] ?? '');
      for (const end = performance.now() + 800; performance.now() < end; ) assert.deepEqual(await kinds(), []);
      await until(async () => (await subject.engine.observe(desired)).instances.filter(servesWell).length === 2);
    });

    test('an instance made anew with other variables and limits is told, and replaced by another one first', async () => {
      const name = names[0] ?? '';
      const info = await container(name).inspect();
      await container(name).remove({ force: true });
      const again = await docker().createContainer({
        name: `${subject.platform}.${name}`,
        Image: desired.image,
        Env: [...info.Config.Env, 'DEBUG=secret'],
        User: info.Config.User,
        Labels: info.Config.Labels,
        HostConfig: { ...info.HostConfig, Ulimits: [], CpuPeriod: 0, CpuQuota: 0, Memory: 200 * megabyte, MemorySwap: 200 * megabyte },
        NetworkingConfig: {
          EndpointsConfig: { [`${subject.platform}-dev`]: { IPAMConfig: { IPv4Address: info.Config.Labels['beluga.ip'] ?? '' } } },
        },
      });
      await again.start();
      assert.deepEqual(await kinds(), [`configuration ${name}`, `limits ${name}`]);
      assert.match(await sentences(), /the variable DEBUG.*memory 200 MiB instead of 100 MiB/);
      assert.doesNotMatch(await sentences(), /secret/);
      await repairUnseen();
    });

    test('an instance taken off its network is told and gets its line back, and what was on its way to it goes on', async () => {
      const network = docker().getNetwork(`${subject.platform}-dev`);
      const url = await subject.engine.address(desired);
      const before = (await subject.engine.observe(desired)).instances;
      const [quick, slow] = [
        startLoad({ url: `${url}/`, kept: 60, fresh: 20, connections: 8, method: 'POST' }),
        startLoad({ url: `${url}/slow?ms=1500`, kept: 0, fresh: 4 }),
      ];
      await sleep(1_700);
      await network.disconnect({ Container: `${subject.platform}.${names[1]}`, Force: true });
      assert.deepEqual(await kinds(), [`network ${names[1]}`]);
      await repair();
      assert.deepEqual(await kinds(), []);
      assert.deepEqual([(await quick.stop()).failures, (await slow.stop()).failures], [{}, {}]);
      assert.deepEqual(
        (await subject.engine.observe(desired)).instances.map(({ name, startedAt }) => [name, startedAt]),
        before.map(({ name, startedAt }) => [name, startedAt]),
      );
    });

    test('an instance and an address that the router has forgotten are told and brought back', async () => {
      const rows = (await router('show stat -1 4 -1 no-maint')).split('\n');
      const server = /^(b\d+),(s\d+),/m.exec(rows.slice(1).join('\n'));
      await router(`set server ${server?.[1]}/${server?.[2]} state maint`);
      await until(async () => (await look()).length > 0);
      assert.match((await kinds()).join(), /^route truth\.dev\.g1\.\d$/);
      await repairUnseen();
      await router(`del map ${files().ports} ${port}`);
      assert.match(await sentences(), new RegExp(`^The address 127\\.0\\.0\\.1:${port} does not lead to truth any more\\.$`));
      await repair();
      assert.deepEqual(await look(), []);
      assert.equal(await (await fetch(await subject.engine.address(desired))).text(), 'v1');
    });

    test('a stranger on the network of an environment is told, and left alone', async () => {
      const stranger = await docker().createContainer({
        name: 'curious',
        Image: desired.image,
        Env: ['PORT=8080'],
        HostConfig: { NetworkMode: `${subject.platform}-dev` },
      });
      await stranger.start();
      const { strangers } = await subject.engine.survey();
      assert.deepEqual(
        strangers.map(({ environment, name }) => ({ environment, name })),
        [{ environment: 'dev', name: 'curious' }],
      );
      await repair();
      assert.equal((await stranger.inspect()).State.Running, true);
      await stranger.remove({ force: true });
    });

    test('limits changed while it runs are told and put right', async () => {
      const before = (await subject.engine.survey()).marks.get('truth.dev');
      await subject.real.limit(`${subject.platform}.${names[0]}`, 150 * megabyte);
      assert.notEqual((await subject.engine.survey()).marks.get('truth.dev'), before);
      assert.deepEqual(await kinds(), [`limits ${names[0]}`]);
      assert.match(await sentences(), /memory 150 MiB instead of 100 MiB/);
      await repairUnseen();
    });

    if (kind === 'docker')
      test('limits changed while it runs are told and put right, of the processor too', async () => {
        await container(names[0] ?? '').update({ NanoCpus: 900_000_000 });
        assert.match(await sentences(), /cpu 0\.9 instead of 0\.5/);
        await repairUnseen();
      });
  });
}
