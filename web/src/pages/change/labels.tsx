/** How a change's state, closure and risk are shown. */

import type { ChangeView } from '@beluga/contract/change-schema';
import { Label } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

export const states = ['new', 'assessed', 'authorised', 'scheduled', 'implementing', 'reviewing', 'closed', 'cancelled'] as const;
export const kinds = ['standard', 'normal', 'emergency'] as const;

const colours = { low: 'green', medium: 'orange', high: 'red' } as const;
const closures = { successful: 'green', unsuccessful: 'red', 'backed-out': 'orange' } as const;

export function RiskLabel({ level }: { readonly level: ChangeView['facts']['risk']['level'] }) {
  const { t } = useTranslation();
  return (
    <Label isCompact variant="outline" color={colours[level]}>
      {t(`risk.${level}`)}
    </Label>
  );
}

export function ChangeState({ change: { state, closure } }: { readonly change: ChangeView }) {
  const { t } = useTranslation();
  if (closure !== null) {
    return (
      <Label isCompact variant="outline" color={closures[closure]}>
        {t(`closure.${closure}`)}
      </Label>
    );
  }
  return (
    <Label isCompact variant="outline" color={state === 'implementing' ? 'blue' : 'grey'}>
      {t(`changeState.${state}`)}
    </Label>
  );
}
