/** Approving or refusing a change: bound to the plan that is shown here; another plan by then is refused by the server. */

import type { ShownChangeView } from '@beluga/contract/change-schema';
import { ActionGroup, Button, Card, CardBody, CardTitle, Form } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { FailureAlert } from '../../parts/failure.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ReasonField } from '../../parts/reason-field.tsx';
import { Ago, At } from '../../parts/time.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { Verdicts } from '../../parts/verdicts.tsx';
import { PlanSteps } from './plan-steps.tsx';

/** Whether it waits for somebody, or for time. */
export function mayBeDecided({ state }: Pick<ShownChangeView, 'state'>): boolean {
  return state === 'new' || state === 'assessed' || state === 'authorised' || state === 'scheduled';
}

/** Shown while the change may be decided. */
export function Decide({ change }: { readonly change: ShownChangeView }) {
  const { t } = useTranslation();
  const { deployment: id, can } = change;
  const early = mayBeDecided(change);
  const deployment = useQuery({ queryKey: ['deployment', id], queryFn: () => client.showDeployment({ id }), enabled: early });
  const waitsFor = deployment.data?.waitsFor ?? null;
  if (!early) return null;
  return (
    <Card isCompact>
      <CardTitle component="h2">{t('decide.title')}</CardTitle>
      <CardBody className="plan">
        {can.decide.allowed ? <Notice kind="warning" title={t('decide.waits')} /> : null}
        {can.decide.code === 'own-change' ? <Notice kind="info" title={t('decide.own')} /> : null}
        {waitsFor === null || waitsFor.opensAt === null ? null : (
          <p>
            {t('decide.opens')} <At at={waitsFor.opensAt} /> (<Ago at={waitsFor.opensAt} coming />) ·{' '}
            <Link to="/calendar" search={{ view: 'week', at: waitsFor.opensAt.slice(0, 10), environment: change.facts.environment }}>
              {t('decide.calendar')}
            </Link>
          </p>
        )}
        <Verdicts verdicts={deployment.data?.verdicts.filter(({ verdict }) => verdict !== 'open') ?? []} />
        <p className="quiet">{t('decide.plan')}</p>
        <PlanSteps plan={change.facts.plan} />
        {can.decide.allowed ? <DecisionForm change={change} /> : <CancelForm change={change} />}
      </CardBody>
    </Card>
  );
}

type Doing = 'approve' | 'refuse' | 'cancel';

function useDoing(change: ShownChangeView, reason: string) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { say } = useToasts();
  return useMutation({
    mutationFn: (doing: Doing) => {
      const { id, facts } = change;
      const wish = { id, planHash: facts.plan.hash, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) };
      if (doing === 'cancel') return client.cancelChange({ id, reason: reason.trim() });
      return doing === 'approve' ? client.approveChange(wish) : client.refuseChange(wish);
    },
    onSuccess: async (_, doing) => {
      say({ kind: 'success', title: t(`decide.done.${doing}`) });
      await queries.invalidateQueries();
    },
  });
}

function DecisionForm({ change }: { readonly change: ShownChangeView }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const act = useDoing(change, reason);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    act.mutate('approve');
  };
  return (
    <Form onSubmit={submit}>
      {act.error === null ? null : <FailureAlert error={act.error} />}
      <ReasonField id="decide-reason" label={t('decide.reason')} value={reason} change={setReason} />
      <ActionGroup>
        <Button type="submit" isDisabled={act.isPending} isLoading={act.isPending && act.variables === 'approve'}>
          {t('decide.approve')}
        </Button>
        <Button variant="danger" isDisabled={act.isPending || reason.trim() === ''} onClick={() => act.mutate('refuse')}>
          {t('decide.refuse')}
        </Button>
        <CommandLine>{`beluga change approve ${change.id} --plan ${change.facts.plan.hash}`}</CommandLine>
      </ActionGroup>
    </Form>
  );
}

/** Whoever may not decide may still call it off. */
function CancelForm({ change }: { readonly change: ShownChangeView }) {
  const { t } = useTranslation();
  const [asked, ask] = useState(false);
  const [reason, setReason] = useState('');
  const act = useDoing(change, reason);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    act.mutate('cancel');
  };
  if (!change.can.cancel.allowed) return null;
  if (!asked) {
    return (
      <div>
        <Button variant="secondary" onClick={() => ask(true)}>
          {t('decide.cancel')}
        </Button>
      </div>
    );
  }
  return (
    <Form onSubmit={submit}>
      {act.error === null ? null : <FailureAlert error={act.error} />}
      <ReasonField id="decide-reason" label={t('decide.cancelReason')} value={reason} change={setReason} />
      <ActionGroup>
        <Button type="submit" variant="warning" isDisabled={act.isPending || reason.trim() === ''}>
          {t('decide.cancel')}
        </Button>
        <Button variant="link" onClick={() => ask(false)}>
          {t('act.dismiss')}
        </Button>
        <CommandLine>{`beluga change cancel ${change.id}`}</CommandLine>
      </ActionGroup>
    </Form>
  );
}
