/** What `run.scaling` and `run.before` must keep to beyond the schema. */
import type { Manifest } from './manifest-schema.ts';
import { type Finding, repeated } from './schema-findings.ts';

/** A share of nothing says nothing: a target on CPU or memory needs its limit. */
export function sharesHaveALimit({ run = {} }: Manifest): readonly Finding[] {
  return (['cpu', 'memory'] as const).flatMap((key): readonly Finding[] => {
    if (run.scaling?.[key] === undefined || run.resources?.[key] !== undefined) return [];
    const problem = `run.scaling.${key} is a share of run.resources.${key}, which is missing`;
    const example = key === 'cpu' ? 'cpu: 500m' : 'memory: 256Mi';
    return [{ path: ['run', 'scaling', key], at: 'key', problem, remedy: `say how much one instance may use: resources: { ${example} }` }];
  });
}

export function scalingNamesATarget({ run = {} }: Manifest): readonly Finding[] {
  if (run.scaling === undefined) return [];
  const { cpu, memory, requests, concurrency } = run.scaling;
  if ([cpu, memory, requests, concurrency].some((target) => target !== undefined)) return [];
  return [{ path: ['run', 'scaling'], at: 'key', problem: 'run.scaling names no target', remedy: 'add one, such as cpu: 70%' }];
}

export function tasksAreNamedOnce({ run = {} }: Manifest): readonly Finding[] {
  const names = (run.before ?? []).map(({ name }) => name);
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [{ ...repeated(['run', 'before', index], `name ${name}`), path: ['run', 'before', index, 'name'] }],
  );
}
