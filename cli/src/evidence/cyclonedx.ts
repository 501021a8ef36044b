/** CycloneDX with vulnerabilities (a VEX, or what grype and trivy write): what the analysis says does not affect is no finding. */
import type { FindingView } from '@beluga/contract/evidence-schema';
import { at, listIn, textIn } from './json.ts';
import type { Json } from './report.ts';
import { gravest, severityOf, severityOfScore } from './severity.ts';

const harmless = ['not_affected', 'false_positive', 'resolved', 'resolved_with_pedigree'];

export function cyclonedxFindings(json: Json): FindingView[] {
  const packages = new Map(componentsOf(json).map((one) => [textIn(one, 'bom-ref'), nameOf(one)]));
  return listIn(json, 'vulnerabilities')
    .filter((one) => !harmless.includes(textIn(one, 'analysis', 'state') ?? ''))
    .flatMap((one) => {
      const refs = listIn(one, 'affects').map((affected) => textIn(affected, 'ref') ?? 'unknown');
      return (refs.length === 0 ? ['unknown'] : refs).map((ref) => ({
        id: (textIn(one, 'id') ?? 'unnamed').slice(0, 200),
        severity: severityIn(one),
        package: (packages.get(ref) ?? ref).slice(0, 500),
        storey: null,
      }));
    });
}

function severityIn(vulnerability: Json): FindingView['severity'] {
  const ratings = listIn(vulnerability, 'ratings').map((rating) => {
    const word = textIn(rating, 'severity');
    return word === null || word === 'unknown' ? severityOfScore(Number(at(rating, ['score']))) : severityOf(word);
  });
  return gravest(ratings.filter((one) => one !== null)) ?? 'medium';
}

/** Components hold components. */
function componentsOf(json: unknown): readonly Json[] {
  return listIn(json, 'components').flatMap((one) => [one, ...componentsOf(one)]);
}

function nameOf(component: Json): string {
  return textIn(component, 'purl') ?? `${textIn(component, 'name') ?? 'unknown'}@${textIn(component, 'version') ?? ''}`;
}
