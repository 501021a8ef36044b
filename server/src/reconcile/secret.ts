/**
 * From secrets to deployments: where the value of one is another than the one that was given to what runs, the same release is deployed
 * again, with gates, change and ledger like any other. One that could not be carried through is not tried again until the value changes.
 */
import { askGates } from '../actions/ask-gates.ts';
import type { Context } from '../actions/context.ts';
import { requestDeployment } from '../actions/request-deployment.ts';
import { printsNow } from '../actions/secret-prints.ts';
import type { DriftKind } from '../domain/drift/drift.ts';
import { isOpen } from '../domain/gates/verdict.ts';
import { changedSecrets } from '../domain/secret-prints.ts';
import { stamp } from '../domain/stamp.ts';
import { canonical } from '../domain/workload.ts';
import type { Installed } from '../store/secret-prints.ts';

const kinds: readonly DriftKind[] = ['secret'];

export async function followSecrets(context: Context): Promise<void> {
  const busy = new Set((await context.store.runs.busyPlaces()).map((place) => `${place.component}.${place.environment}`));
  for (const installed of await context.store.secretPrints.installed()) {
    if (!busy.has(`${installed.component}.${installed.environment}`)) await followPlace(context, installed);
  }
}

async function followPlace(context: Context, { component, environment, releaseDigest, prints }: Installed): Promise<void> {
  if (Object.keys(prints).length === 0) return;
  const release = await context.store.releases.byDigest(releaseDigest);
  const now = await printsNow(context, release, environment);
  const changed = changedSecrets(prints, now);
  const { repair = 'always' } = release.spec.run;
  const found = changed.length === 0 ? [] : [{ instance: '', kind: 'secret' as const, sentence: sentenceOf(component, changed) }];
  const finding = { component, environment, found, repair, event: null, at: stamp(context.now()), kinds };
  await context.store.drift.settle(finding, () => context.newId('drift'));
  if (changed.length === 0 || repair === 'report') return;
  const tried = await context.store.secretPrints.lastTried(component, environment);
  if (tried !== null && canonical(tried) === canonical(now)) return;
  const question = { release, environment, purpose: 'deploy', incident: null, requester: 'beluga', deployment: null } as const;
  if (!isOpen((await askGates(context, question)).verdicts)) return;
  await requestDeployment(context, 'beluga', { component, environment, version: release.version });
}

function sentenceOf(component: string, names: readonly string[]): string {
  const [which, has] =
    names.length === 1 ? [`secret ${names[0]}`, 'has another value'] : [`secrets ${names.join(', ')}`, 'have other values'];
  return `The ${which} of ${component} ${has} than the instances were given.`;
}
