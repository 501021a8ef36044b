/** Beluga's own engine. */
import { servesWell } from '../../server/src/domain/instance.ts';
import type { RealSubject } from '../../server/src/drivers/engine/docker/rig/subject.ts';
import { install, testWorkload } from '../../server/src/drivers/engine/subject.ts';
import { type Contender, environmentOf, readyPath, replicas } from './contender.ts';

export async function beluga(subject: RealSubject): Promise<Contender> {
  const { engine } = subject;
  await engine.prepare(['dev']);
  const workload = (version: string) =>
    testWorkload(subject, 'bench', version, {
      env: environmentOf(version),
      replicas: { min: replicas, max: replicas },
      health: { path: readyPath, withinMs: 30_000, minReadyMs: 0 },
      stopGraceMs: 10_000,
    });
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
    kill: async () => await subject.kill(`bench.dev.${current.generation}.0`),
    whole: async () => (await engine.observe(current)).instances.filter(servesWell).length === replicas,
    close: async () => {},
  };
}
