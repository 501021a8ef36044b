/** The list of packages of an image as a CycloneDX 1.6 SBOM (ECMA-424). The same image gives the same bytes. */
import { createHash } from 'node:crypto';
import type { Digest } from '../digest.ts';
import type { Survey, SurveyedPackage } from './survey.ts';

export const sbomMediaType = 'application/vnd.cyclonedx+json';

export interface SbomSubject {
  /** The repository, without the host: the same image is one wherever it is kept. */
  readonly name: string;
  readonly digest: Digest;
  /** Of the program that writes it. */
  readonly tool: { readonly name: string; readonly version: string };
}

/** The document, to be written as it is. */
export function cyclonedxOf(subject: SbomSubject, survey: Pick<Survey, 'packages' | 'problems'>): object {
  const { name, digest, tool } = subject;
  const image = `pkg:oci/${encodeURIComponent(name.slice(name.lastIndexOf('/') + 1))}@${encodeURIComponent(digest)}`;
  const components = survey.packages.map(componentOf);
  const refs = components.map((component) => component['bom-ref']);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(`${digest} ${tool.name} ${tool.version}`)}`,
    version: 1,
    metadata: {
      tools: { components: [{ type: 'application', name: tool.name, version: tool.version }] },
      component: {
        type: 'container',
        'bom-ref': image,
        name,
        version: digest,
        purl: image,
        hashes: [{ alg: 'SHA-256', content: digest.replace('sha256:', '') }],
      },
      ...(survey.problems.length === 0 ? {} : { properties: survey.problems.map((value) => ({ name: 'dev.beluga:unread', value })) }),
    },
    components,
    compositions: [{ aggregate: survey.problems.length === 0 ? 'unknown' : 'incomplete', assemblies: [image, ...refs] }],
  };
}

function componentOf(one: SurveyedPackage) {
  return {
    type: 'library' as const,
    'bom-ref': `${one.purl}#${one.diffId}`,
    ...(one.namespace === null ? {} : { group: one.namespace }),
    ...{ name: one.name, version: one.version, purl: one.purl },
    ...(one.license === null ? {} : { licenses: [{ license: { name: one.license } }] }),
    properties: [
      { name: 'dev.beluga:storey', value: one.storey },
      { name: 'dev.beluga:layer', value: one.layer },
      { name: 'dev.beluga:diffId', value: one.diffId },
      { name: 'dev.beluga:path', value: one.path },
    ],
  };
}

/** A UUID of version 8 (RFC 9562) from a text. */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
