/** How a state is shown: always a word, with a colour and a sign that say the same. */
import { Label, type LabelProps } from '@patternfly/react-core';
import {
  BanIcon,
  CalendarAltIcon,
  CheckCircleIcon,
  CircleIcon,
  ExclamationCircleIcon,
  ExclamationTriangleIcon,
  InProgressIcon,
  OutlinedClockIcon,
  QuestionCircleIcon,
  UndoIcon,
} from '@patternfly/react-icons';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';

type Look = { readonly color: NonNullable<LabelProps['color']>; readonly Icon: ComponentType };

const looks = {
  serving: { color: 'green', Icon: CheckCircleIcon },
  degraded: { color: 'orange', Icon: ExclamationTriangleIcon },
  down: { color: 'red', Icon: ExclamationCircleIcon },
  scheduled: { color: 'grey', Icon: CalendarAltIcon },
  deploying: { color: 'blue', Icon: InProgressIcon },
  unknown: { color: 'grey', Icon: QuestionCircleIcon },
  waiting: { color: 'grey', Icon: OutlinedClockIcon },
  running: { color: 'blue', Icon: InProgressIcon },
  succeeded: { color: 'green', Icon: CheckCircleIcon },
  'rolled-back': { color: 'orange', Icon: UndoIcon },
  failed: { color: 'red', Icon: ExclamationCircleIcon },
  refused: { color: 'orange', Icon: BanIcon },
  cancelled: { color: 'grey', Icon: BanIcon },
  starting: { color: 'blue', Icon: InProgressIcon },
  draining: { color: 'purple', Icon: OutlinedClockIcon },
  stopped: { color: 'grey', Icon: CircleIcon },
  open: { color: 'green', Icon: CheckCircleIcon },
  closed: { color: 'red', Icon: ExclamationCircleIcon },
  met: { color: 'green', Icon: CheckCircleIcon },
  unmet: { color: 'red', Icon: ExclamationCircleIcon },
} as const satisfies Readonly<Record<string, Look>>;

export type StateName = keyof typeof looks;

export function isState(word: string): word is StateName {
  return word in looks;
}

export function StateLabel({ state, compact = true }: { readonly state: string; readonly compact?: boolean }) {
  const { t } = useTranslation();
  if (!isState(state)) return <Label isCompact={compact}>{state}</Label>;
  const { color, Icon } = looks[state];
  return (
    <Label color={color} icon={<Icon />} isCompact={compact} variant="outline">
      {t(`state.${state}`)}
    </Label>
  );
}
