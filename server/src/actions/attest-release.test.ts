import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { Registry } from '@beluga/oci/registry';
import { registries } from '@beluga/oci/registry-for-tests';
import { dpkgStatus } from '@beluga/oci/sbom/databases-for-tests';
import { type Bench, openBench } from '@beluga/oci/sbom/image-for-tests';
import { bundleFromJSON, isBundleWithDsseEnvelope } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { bundleMediaType } from '../domain/attestation.ts';
import { openImageAccess } from '../drivers/registry/distribution/image-access.ts';
import { imagesOverHttp } from '../drivers/registry/distribution/images.ts';
import { createSimulatedRegistry } from '../drivers/registry/simulated/simulated-registry.ts';
import { BelugaError } from '../errors.ts';
import { createPlane, specOf } from '../reconcile/for-tests.ts';
import { withDatabase } from '../store/postgres/for-tests.ts';
import type { Context } from './context.ts';
import { listEvidence } from './record-evidence.ts';
import { recordSocle } from './record-socle.ts';
import { registerRelease } from './register-release.ts';
import { complianceOfRelease } from './show-compliance.ts';
import { verifyRelease } from './verify-release.ts';

const vendor = {
  storey: 'vendor' as const,
  files: { 'etc/passwd': 'root:x:0:0::/:/bin/sh\n', 'var/lib/dpkg/status': dpkgStatus(['libc6', '2.36']) },
};
const own = (text: string) => ({ storey: 'application' as const, files: { 'app/server.js': text } });
const run = { user: '65532:65532', port: 8080 };
const commit = { id: 'a'.repeat(40), branch: 'main', subject: 'Greet', author: 'lea', at: '2026-01-01T00:00:00Z' };

async function open(t: TestContext, name: string): Promise<Bench & { readonly context: Context; readonly host: string }> {
  const bench = await openBench(t, name);
  const { host } = bench.registry;
  const credentials = { kind: 'password', username: 'beluga', password: 'secret' } as const;
  const images = openImageAccess({
    host,
    own: imagesOverHttp(new Registry(host, name.includes('embedded') ? { credentials } : {})),
    version: '0.1.0',
  });
  t.after(() => images.close());
  const { context } = createPlane(await withDatabase(), undefined, { registry: { ...createSimulatedRegistry(host), ...images } });
  return { ...bench, context, host };
}

/** Says with the libraries of Sigstore what our own code has said. */
async function verifiedBySigstore(
  context: Context,
  image: string,
): Promise<readonly { readonly predicateType: string; readonly predicate: unknown }[]> {
  const key = createPublicKey(await context.signer.publicKey());
  const trusted = { certificateAuthorities: [], timestampAuthorities: [], tlogs: [], ctlogs: [] };
  const verifier = new Verifier(
    { ...trusted, publicKey: () => ({ publicKey: key, validFor: () => true }) },
    { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
  );
  const documents = await context.registry.attached(image, bundleMediaType);
  return documents.map(({ content }) => {
    const bundle = bundleFromJSON(JSON.parse(Buffer.from(content).toString('utf8')));
    verifier.verify(toSignedEntity(bundle));
    assert.ok(isBundleWithDsseEnvelope(bundle));
    return JSON.parse(bundle.content.dsseEnvelope.payload.toString('utf8')) as { predicateType: string; predicate: unknown };
  });
}

for (const { name } of registries) {
  test(`${name}: a release is signed with its SBOM and its provenance, in bundles that Sigstore's own libraries verify`, async (t) => {
    const { context, make, host } = await open(t, name);
    const component = name.includes('embedded') ? 'signed' : 'signed-elsewhere';
    const [base, image] = [await make([vendor]), await make([vendor, own('1')], run)];
    const named = (digest: string) => `${host}/test/web@${digest}`;
    await recordSocle(context, 'lea', { name: component, image: named(base.digest), vendor: named(base.digest), layers: [] });
    const request = { spec: specOf(component), version: '1.0.0', image: named(image.digest), layers: [], commit };
    const { release } = await registerRelease(context, 'lea', request);

    const statements = await verifiedBySigstore(context, release.image);
    assert.deepEqual(statements.map(({ predicateType }) => predicateType).toSorted(), [
      'https://cyclonedx.org/bom',
      'https://sigstore.dev/cosign/sign/v1',
      'https://slsa.dev/provenance/v1',
    ]);
    const evidence = await listEvidence(context, { component, version: '1.0.0' });
    assert.deepEqual(evidence.map(({ kind, outcome }) => `${kind} ${outcome}`).toSorted(), [
      'provenance passed',
      'sbom passed',
      'signature passed',
    ]);
    const provenance = JSON.stringify(statements.find(({ predicateType }) => predicateType.includes('slsa'))?.predicate);
    for (const digest of [base.digest.slice(7), commit.id, release.digest]) assert.ok(provenance.includes(digest), digest);
    assert.equal((await verifyRelease(context, release)).length, 3);

    // The next version of the same image has a provenance of its own, and shares the rest.
    const next = await registerRelease(context, 'lea', { ...request, version: '1.0.1' });
    assert.equal((await verifiedBySigstore(context, release.image)).length, 4);
    await verifyRelease(context, next.release);
    assert.deepEqual(
      (await complianceOfRelease(context, release))?.rules.map(({ rule, met }) => `${rule} ${met}`),
      ['socle true', 'user true', 'privileged true', 'port true'],
    );
  });
}

test('an image that runs as root, on no socle, with a setuid program and another port conforms in nothing, and says why', async (t) => {
  const { context, make, host } = await open(t, 'the embedded registry');
  const su = { kind: 'file' as const, path: '', mode: 0o4755, sizeBytes: 2, source: { kind: 'bytes' as const, bytes: Buffer.from('su') } };
  const image = await make([{ storey: 'vendor', files: { 'bin/su': su } }, own('2')], { port: 9090 });
  const request = { spec: specOf('loose'), version: '1.0.0', image: `${host}/test/web@${image.digest}`, layers: [], commit: null };
  const compliance = await complianceOfRelease(context, (await registerRelease(context, 'lea', request)).release);
  assert.deepEqual(compliance, {
    met: false,
    rules: [
      { rule: 'socle', met: false, sentence: 'It stands on no socle of this platform.' },
      { rule: 'user', met: false, sentence: 'It runs as root.' },
      { rule: 'privileged', met: false, sentence: 'Programs in it are setuid or setgid: /bin/su (vendor).' },
      { rule: 'port', met: false, sentence: 'The image declares port 9090, and beluga.yaml declares 8080.' },
    ],
  });
});

test('an image whose layers are no layers is not released, and nothing of it is kept', async (t) => {
  const { context, make, host, registry } = await open(t, 'the embedded registry');
  const image = await make([own('3')], run);
  const broken = { ...image.config, rootfs: { type: 'layers' as const, diff_ids: [`sha256:${'0'.repeat(64)}` as const] } };
  const bytes = Buffer.from(JSON.stringify(broken));
  const { uploadBlob } = await import('@beluga/oci/upload');
  const { digestOf } = await import('@beluga/oci/digest');
  await uploadBlob(registry, 'test/web', { kind: 'bytes', digest: digestOf(bytes), bytes });
  const manifest = Buffer.from(
    JSON.stringify({ ...image.manifest, config: { ...image.manifest.config, digest: digestOf(bytes), size: bytes.length } }),
  );
  await registry.putManifest('test/web', digestOf(manifest), 'application/vnd.oci.image.manifest.v1+json', manifest);
  const request = { spec: specOf('broken'), version: '1.0.0', image: `${host}/test/web@${digestOf(manifest)}`, layers: [], commit: null };
  await assert.rejects(
    registerRelease(context, 'lea', request),
    (error) => error instanceof BelugaError && error.code === 'image-unreadable',
  );
  assert.equal(await context.store.releases.find('broken', '1.0.0'), null);
});
