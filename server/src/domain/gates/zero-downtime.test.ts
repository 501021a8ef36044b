import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Manifest, normalise, readManifest } from '@beluga/contract';
import { parse, stringify } from 'yaml';
import { showsReadiness } from '../fitness.ts';
import { facts, says } from './for-tests.ts';
import { evaluateGates } from './gates.ts';

/** RFC 7396. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null) return patch;
  const into = { ...(typeof target === 'object' ? target : {}) } as Record<string, unknown>;
  for (const [key, value] of Object.entries(patch)) into[key] = mergePatch(into[key], value);
  return into;
}

describe('fitness for an installation without interruption', () => {
  const settings = { zeroDowntime: 'medium' } as const;

  it('refuses one replica, no readiness path and no time to end, with what to put into beluga.yaml', () => {
    const verdict = says('zero-downtime', { settings, release: { replicas: { min: 1, max: 4 }, showsReadiness: false, stopGraceMs: 0 } });
    assert.match(verdict.reason, /one replica, no readiness path, no time to end/);
    assert.equal(
      verdict.remedy,
      'Merge into beluga.yaml and release it anew: { environments: { prod: { replicas: { min: 2, max: 4 } } }, run: { health: { path: /healthz }, stop: { grace: 10s } } }',
    );
  });

  it('says a patch that makes of any unfit beluga.yaml a fit one', () => {
    const text = (run: string) => `apiVersion: beluga/v1\nkind: Service\nmetadata: { name: web, system: contrats }\nrun: ${run}\n`;
    for (const run of [
      '{ command: [a], replicas: 1 }',
      '{ command: [a], replicas: { min: 1, max: 6 }, health: { path: /ready }, stop: { grace: 0s } }',
      '{ command: [a], health: { within: 5s } }',
    ]) {
      const verdict = (manifest: Manifest) => {
        const { run: given, environments, kind } = normalise(manifest);
        const replicas = environments['prod']?.replicas ?? given.replicas;
        const fitness = { replicas, showsReadiness: showsReadiness(given.health), stopGraceMs: given.stopGraceMs };
        return says('zero-downtime', { settings, release: { kind, ...fitness } });
      };
      const unfit = verdict(readManifest(text(run), 'beluga.yaml'));
      assert.equal(unfit.verdict, 'closed');
      const patch: unknown = parse((unfit.remedy ?? '').replace(/^.*?: /, ''));
      const patched = stringify(mergePatch(parse(text(run)), patch));
      assert.equal(verdict(readManifest(patched, 'beluga.yaml')).verdict, 'open', patched);
    }
  });

  it('bears an interruption below the criticality that is named, and of a job', () => {
    assert.equal(says('zero-downtime', { settings, release: { criticality: 'low', replicas: { min: 1, max: 1 } } }).verdict, 'open');
    assert.ok(!evaluateGates(facts({ settings, release: { kind: 'Job' } })).some(({ gate }) => gate === 'zero-downtime'));
  });
});
