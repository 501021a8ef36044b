/** How the state of a train is shown: a word, with a colour that says the same. */

import type { TrainView } from '@beluga/contract/train-schema';
import { Label, type LabelProps } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

const colours: Readonly<Record<TrainView['state'], NonNullable<LabelProps['color']>>> = {
  open: 'green',
  locked: 'purple',
  rehearsing: 'blue',
  rehearsed: 'teal',
  departing: 'blue',
  arrived: 'green',
  'rolling-back': 'blue',
  'rolled-back': 'orange',
  stranded: 'red',
  cancelled: 'grey',
};

export function TrainState({ state }: { readonly state: TrainView['state'] }) {
  const { t } = useTranslation();
  return (
    <Label isCompact variant="outline" color={colours[state]}>
      {t(`trainState.${state}`)}
    </Label>
  );
}
