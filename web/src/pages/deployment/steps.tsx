/** The steps of a deployment: done, going on, still to come; the way back is told apart. */

import type { DeploymentView } from '@beluga/contract/api-schema';
import { ProgressStep, ProgressStepper } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Said } from '../../parts/said.tsx';
import { durationOf, useNow } from '../../parts/time.tsx';

type Step = DeploymentView['steps'][number];
const looks = { planned: 'pending', running: 'info', done: 'success', failed: 'danger', skipped: 'default' } as const;

export function Steps({ steps }: { readonly steps: readonly Step[] }) {
  const { t } = useTranslation();
  const names: Readonly<Record<string, string>> = t('step', { returnObjects: true });
  return (
    <ProgressStepper isVertical aria-label={t('deployment.steps')}>
      {steps.map((step) => (
        <ProgressStep
          key={step.ordinal}
          id={`step-${step.ordinal}`}
          titleId={`step-title-${step.ordinal}`}
          aria-label={`${names[step.kind] ?? step.kind}, ${t(`stepState.${step.state}`)}`}
          variant={looks[step.state]}
          isCurrent={step.state === 'running'}
          description={<Description step={step} />}
        >
          {step.purpose === 'undo' ? t('undo', { step: names[step.kind] ?? step.kind }) : (names[step.kind] ?? step.kind)}
        </ProgressStep>
      ))}
    </ProgressStepper>
  );
}

function Description({ step }: { readonly step: Step }) {
  return (
    <>
      <Said className="clamp">{step.sentence.replaceAll(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/g, '$1…')}</Said> <Time step={step} />
    </>
  );
}

function Time({ step: { startedAt, endedAt, state } }: { readonly step: Step }) {
  const now = useNow();
  if (startedAt === null || state === 'skipped') return null;
  const ms = (endedAt === null ? Math.max(now, Date.parse(startedAt)) : Date.parse(endedAt)) - Date.parse(startedAt);
  return <strong>{durationOf(ms)}</strong>;
}
