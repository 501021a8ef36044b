/** The JSON of `trivy image` (schema 2): each vulnerability with its package URL and the storey of the layer it came with. */
import type { FindingView } from '@beluga/contract/evidence-schema';
import { listIn, textIn } from './json.ts';
import type { Json, LayerStorey } from './report.ts';
import { severityOf } from './severity.ts';

export function trivyFindings(json: Json, layers: readonly LayerStorey[]): FindingView[] {
  return listIn(json, 'Results').flatMap((result) =>
    listIn(result, 'Vulnerabilities').map((one) => ({
      id: (textIn(one, 'VulnerabilityID') ?? 'unnamed').slice(0, 200),
      severity: severityOf(textIn(one, 'Severity')),
      package: packageOf(one).slice(0, 500),
      storey: layers.find(({ digest }) => digest === textIn(one, 'Layer', 'Digest'))?.storey ?? null,
    })),
  );
}

function packageOf(one: Json): string {
  const name = textIn(one, 'PkgName') ?? 'unknown';
  const version = textIn(one, 'InstalledVersion');
  return textIn(one, 'PkgIdentifier', 'PURL') ?? (version === null ? name : `${name}@${version}`);
}
