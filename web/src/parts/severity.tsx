/** How grave a vulnerability is: a word, with a colour that says the same. */
import type { FindingView } from '@beluga/contract/evidence-schema';
import { Label } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

const colours = { critical: 'red', high: 'orangered', medium: 'orange', low: 'grey' } as const;
type Props = { readonly severity: FindingView['severity']; readonly words?: string };

export function Severity({ severity, words }: Props) {
  const { t } = useTranslation();
  return (
    <Label isCompact variant="outline" color={colours[severity]}>
      {words ?? t(`criticality.${severity}`)}
    </Label>
  );
}
