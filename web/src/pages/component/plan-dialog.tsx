/** What taking a release further would do, before it is done: gates with reasons and remedies, commits, configuration, steps. */

import type { ShownPlanView } from '@beluga/contract/change-schema';
import type { StageView } from '@beluga/contract/console-schema';
import { Button, ExpandableSection, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { FailureAlert } from '../../parts/failure.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Loaded } from '../../parts/page.tsx';
import { Said } from '../../parts/said.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { Verdicts } from '../../parts/verdicts.tsx';
import { type PlanWish, planQuery } from '../../queries.ts';
import { Commits } from './commits.tsx';
import { PlanFacts } from './plan-facts.tsx';

type Props = { readonly component: string; readonly stage: StageView; readonly close: () => void };

export function PlanDialog({ component, stage, close }: Props) {
  const { t } = useTranslation();
  const { environment, next, current } = stage;
  const wish = { component, environment, version: next ?? '' };
  const plan = useQuery(planQuery(wish));
  const deploy = useDeploy(wish, close);
  return (
    <Modal isOpen variant="medium" onClose={close} aria-labelledby="plan-title" aria-describedby="plan-body">
      <ModalHeader
        title={t('plan.title', wish)}
        labelId="plan-title"
        description={current === null ? t('plan.first') : t('plan.from', { version: current.version })}
      />
      <ModalBody id="plan-body" tabIndex={0}>
        {deploy.error === null ? null : <FailureAlert error={deploy.error} />}
        <Loaded query={plan}>{(shown) => <Plan plan={shown} stage={stage} />}</Loaded>
      </ModalBody>
      <ModalFooter className="plan-foot">
        {plan.data?.allowed === false && plan.data.waitsFor !== null ? (
          <Button isDisabled={deploy.isPending} isLoading={deploy.isPending} onClick={() => deploy.mutate(true)}>
            {t('plan.wait', { environment })}
          </Button>
        ) : (
          <Button
            isDisabled={plan.data?.allowed !== true || deploy.isPending}
            isLoading={deploy.isPending}
            onClick={() => deploy.mutate(false)}
          >
            {t('plan.go', { environment })}
          </Button>
        )}
        <Button variant="link" onClick={close}>
          {t('act.dismiss')}
        </Button>
        <CommandLine>{`beluga deploy ${component}@${next} --to ${environment}${plan.data?.allowed === false && plan.data.waitsFor !== null ? ' --wait-for-gates' : ''}`}</CommandLine>
      </ModalFooter>
    </Modal>
  );
}

function useDeploy(wish: PlanWish, close: () => void) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { say, fail } = useToasts();
  return useMutation({
    mutationFn: (waitForGates: boolean) => client.requestDeployment({ ...wish, ...(waitForGates ? { waitForGates } : {}) }),
    onSuccess: ({ id }) => {
      const undo = (): void => void client.cancelDeployment({ id }).catch(fail);
      say({ kind: 'success', title: t('plan.asked', wish), action: { words: t('act.cancelDeployment'), act: undo } });
      close();
      void navigate({ to: '/deployments/$id', params: { id } });
    },
  });
}

function Plan({ plan, stage }: { readonly plan: ShownPlanView; readonly stage: StageView }) {
  const { t } = useTranslation();
  return (
    <div className="plan">
      {plan.allowed ? (
        <Notice kind="success" title={t('plan.allowed')} />
      ) : (
        <Notice kind="warning" title={t(plan.waitsFor === null ? 'plan.refused' : 'plan.mayWait')} />
      )}
      <h2>{t('plan.gates')}</h2>
      <Verdicts verdicts={plan.verdicts} />
      <h2>{t('plan.commits', { count: stage.between.length })}</h2>
      {stage.between.length === 0 ? <p className="quiet">{t('plan.noCommits')}</p> : <Commits releases={stage.between} />}
      <PlanFacts plan={plan} />
      <ExpandableSection toggleText={t('plan.steps', { count: plan.steps.length })}>
        <ol>
          {plan.steps.map((sentence) => (
            <li key={sentence}>
              <Said>{sentence}</Said>
            </li>
          ))}
        </ol>
      </ExpandableSection>
    </div>
  );
}
