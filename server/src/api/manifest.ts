import { type Manifest, manifestFindings } from '@beluga/contract/manifest';
import { written } from '@beluga/contract/schema-findings';
import { InvalidRequest } from './validation.ts';

/** The manifest of a request, held to the same rules as a file; throws `InvalidRequest` with every one it breaks. */
export function checkedManifest(manifest: Manifest): Manifest {
  const wrong = manifestFindings(manifest).map(({ path, problem, remedy }) => ({
    path: written(['body', 'manifest', ...path]),
    problem,
    remedy,
  }));
  if (wrong.length > 0) throw new InvalidRequest(wrong);
  return manifest;
}
