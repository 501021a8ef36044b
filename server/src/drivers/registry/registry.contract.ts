/** The contract of the registry port: every driver passes it. Gap: the embedded registry cannot be away from its own server. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { BelugaError } from '../../errors.ts';
import type { Registry } from './registry.ts';

export type Subject = {
  readonly registry: Registry;
  /** An image that it holds, and one that it does not, in full. */
  readonly image: string;
  readonly absent: string;
  /** From now on nobody answers; null where asker and answerer are one process. */
  readonly cut: (() => Promise<void>) | null;
};

const document = (text: string, artifactType = 'application/x-test') => {
  return { artifactType, annotations: { 'dev.beluga.test': text }, content: Buffer.from(text) };
};

export function registryContract(name: string, open: (t: TestContext) => Promise<Subject>): void {
  test(`${name} holds what was pushed, and says so of nothing else`, async (t) => {
    const { registry, image, absent } = await open(t);
    assert.ok(image.startsWith(registry.namespace === '' ? `${registry.host}/` : `${registry.host}/${registry.namespace}/`));
    assert.deepEqual([await registry.holds(image), await registry.holds(absent)], [true, false]);
    await registry.keep(image);
    await registry.keep(image);
    assert.equal(await registry.holds(image), true);
  });

  test(`${name} tells what an image holds, and of which layers it is`, async (t) => {
    const { registry, image } = await open(t);
    const survey = await registry.survey(image);
    assert.equal((survey.sbom as { readonly bomFormat?: unknown }).bomFormat, 'CycloneDX');
    assert.equal(survey.user.id, 65_532);
    assert.deepEqual(await registry.diffIds(image), survey.diffIds);
    assert.deepEqual(await registry.survey(image), survey);
  });

  test(`${name} gives what was attached to an image, by type, once however often it was attached`, async (t) => {
    const { registry, image } = await open(t);
    const [sbom, other] = [document('sbom'), document('other', 'application/x-other')];
    assert.deepEqual(await registry.attached(image, sbom.artifactType), []);
    const digests = await registry.attach(image, [sbom, other]);
    assert.equal(new Set(digests).size, 2);
    assert.deepEqual(await registry.attach(image, [sbom]), [digests[0]]);
    const found = await registry.attached(image, sbom.artifactType);
    assert.deepEqual(
      found.map(({ content, ...rest }) => ({ ...rest, content: Buffer.from(content) })),
      [{ ...sbom, digest: digests[0] }],
    );
    assert.deepEqual(await registry.attach(image, []), []);
  });

  test(`${name} that does not answer is named as what failed, and may be asked again`, async (t) => {
    const { registry, image, cut } = await open(t);
    if (cut === null) return assert.equal(registry.kind, 'embedded');
    await cut();
    const asked = [
      () => registry.survey(image),
      () => registry.attach(image, [document('late')]),
      () => registry.attached(image, 'application/x-test'),
    ];
    for (const ask of asked) {
      await assert.rejects(ask(), (error) => error instanceof BelugaError && error.code === 'registry-failed' && error.retry);
    }
  });
}
