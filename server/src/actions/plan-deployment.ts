/** Shows what a deployment would do and what stands in its way; changes nothing. */
import type { Waiting } from '../domain/gates/hold.ts';
import { isOpen, opensAtOf, type Verdict } from '../domain/gates/verdict.ts';
import { sentenceOf } from '../domain/rollout/sentence.ts';
import { askGates } from './ask-gates.ts';
import type { Context } from './context.ts';
import { withDecided } from './decided.ts';
import { type Outlook, outlookOf } from './describe-change.ts';
import { findEnvironment, findRelease } from './find-release.ts';
import type { DeploymentWish } from './request-deployment.ts';
import { workloadNow } from './secret-prints.ts';

export type Plan = Pick<DeploymentWish, 'component' | 'environment' | 'version'> & {
  readonly formerVersion: string | null;
  readonly allowed: boolean;
  /** RFC 3339: when time alone will have opened every gate. */
  readonly opensAt: string | null;
  readonly verdicts: readonly Verdict[];
  readonly steps: readonly string[];
  /** Over release, configuration and environment: what an approval is bound to. */
  readonly hash: string;
  /** What it would wait for if it was asked to; null when nothing can be waited for. */
  readonly waitsFor: Waiting | null;
} & Outlook;

/** `who` is who would ask for it: nobody's approval counts for their own deployment. */
export async function planDeployment(context: Context, who: string, wish: DeploymentWish): Promise<Plan> {
  const { component, environment, version, incident = null } = wish;
  findEnvironment(context, environment);
  const release = await findRelease(context, component, version);
  const { verdicts, hash, waiting } = await askGates(context, {
    release,
    environment,
    purpose: 'deploy',
    incident,
    requester: who,
    replaceSoaking: wish.replaceSoaking === true,
    deployment: null,
  });
  const current = await context.store.deployments.current(component, environment);
  const former = current === null ? null : await context.store.releases.byDigest(current.releaseDigest);
  const workload = await workloadNow(context, release, environment);
  const steps = context.engine.plan(await withDecided(context, workload), await context.engine.observe(workload)).map(sentenceOf);
  const formerVersion = former?.version ?? null;
  const opensAt = opensAtOf(verdicts);
  const outlook = await outlookOf(context, release, environment);
  return {
    component,
    environment,
    version,
    formerVersion,
    allowed: isOpen(verdicts),
    opensAt,
    verdicts,
    steps,
    hash,
    waitsFor: waiting,
    ...outlook,
  };
}
