/** Beluga's own engine. */
import { servesWell } from '../../server/src/domain/instance.ts';
import type { RealSubject } from '../../server/src/drivers/engine/docker/rig/subject.ts';
import { paths } from '../../server/src/drivers/engine/docker/router/configuration.ts';
import { livingRouter } from '../../server/src/drivers/engine/docker/router/process.ts';
import { install, testWorkload } from '../../server/src/drivers/engine/subject.ts';
import { type Contender, environmentOf, readyPath, replicas } from './contender.ts';

export async function beluga(subject: RealSubject): Promise<Contender & { readonly routerPid: () => Promise<number> }> {
  const { engine } = subject;
  await engine.prepare(['dev']);
  const workload = (version: string) =>
    testWorkload(subject, 'bench', version, {
      env: environmentOf(version),
      replicas: { min: replicas, max: replicas },
      health: { path: readyPath, withinMs: 30_000, minReadyMs: 0 },
      stopGraceMs: 10_000,
    });
  const routerPid = async () => (await livingRouter(paths(`${subject.home}/router`))) ?? Number.NaN;
  let current = workload('1');
  await engine.route(current, subject.port());
  await install(engine, current);
  return {
    name: 'beluga',
    reachable: true,
    address: await engine.address(current),
    async replace(version) {
      current = workload(version);
      await install(engine, current);
    },
    kill: async (what) => {
      const names = Array.from({ length: what === 'one' ? 1 : replicas }, (_, ordinal) => `bench.dev.${current.generation}.${ordinal}`);
      await Promise.all(names.map((name) => subject.kill(name)));
    },
    killRouter: async () => void process.kill(await routerPid(), 'SIGKILL'),
    routerPid,
    whole: async () => (await engine.observe(current)).instances.filter(servesWell).length === replicas,
    close: async () => {},
  };
}
