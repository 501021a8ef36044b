import type { StepKind } from '../../../domain/rollout/step.ts';
import type { Workload } from '../../../domain/workload.ts';
import { BelugaError } from '../../../errors.ts';
import { engineContract } from '../engine.contract.ts';
import type { Subject } from '../subject.ts';
import { createSimulatedEngine } from './simulated.ts';

engineContract('The simulated engine', async (): Promise<Subject> => {
  const engine = createSimulatedEngine({ behaves, task: () => ({ exitCode: 7, log: ['the task begins', 'the task ends'] }) });
  let port = 21_000;
  return {
    engine,
    again: () => engine,
    image: `registry/shop@sha256:${'0'.repeat(64)}`,
    kill: async (instance) => engine.kill(instance),
    pause: async (instance) => engine.alter({ instance, kind: 'paused', sentence: 'It is paused.' }, { state: 'paused' }),
    port: () => port++,
    close: async () => {},
  };
});

/** The faults of the test application, as far as an engine sees them. */
function behaves({ env, component }: Workload, step: StepKind): BelugaError | null {
  const instance = `${component}.dev.g2.0`;
  if (step === 'ready' && env['CRASH_AT_START'])
    return new BelugaError('crashes', { instance, exitCode: 3 }, { log: ['boom: cannot start'] });
  if (step === 'ready' && env['NEVER_READY']) return new BelugaError('never-ready', { instance, seconds: 1, problem: 'no', port: 8080 });
  if (step === 'check' && env['WRONG_ANSWER']) return new BelugaError('check-failed', { instance, path: '/', got: 500, expected: 200 });
  return null;
}
