/** Shows what a deployment would do and what stands in its way; changes nothing. */
import { isOpen, type Verdict } from '../domain/gates/verdict.ts';
import { sentenceOf } from '../domain/rollout/sentence.ts';
import { canonical, workloadOf } from '../domain/workload.ts';
import { askGates } from './ask-gates.ts';
import type { Context } from './context.ts';
import { findEnvironment, findRelease } from './find-release.ts';
import type { DeploymentWish } from './request-deployment.ts';

export type Plan = DeploymentWish & {
  readonly formerVersion: string | null;
  readonly allowed: boolean;
  readonly verdicts: readonly Verdict[];
  readonly steps: readonly string[];
  /** Over release, configuration and environment: what an approval is bound to. */
  readonly hash: string;
};

export async function planDeployment(context: Context, wish: DeploymentWish): Promise<Plan> {
  const { component, environment, version } = wish;
  findEnvironment(context, environment);
  const release = await findRelease(context, component, version);
  const verdicts = await askGates(context, { component, version, environment, purpose: 'deploy', releaseDigest: release.digest });
  const current = await context.store.deployments.current(component, environment);
  const former = current === null ? null : await context.store.releases.byDigest(current.releaseDigest);
  const workload = workloadOf(release, environment, context.hash);
  const steps = context.engine.plan(workload, await context.engine.observe(workload)).map(sentenceOf);
  const hash = context.hash(canonical({ workload, former: former?.digest ?? null }));
  return { component, environment, version, formerVersion: former?.version ?? null, allowed: isOpen(verdicts), verdicts, steps, hash };
}
