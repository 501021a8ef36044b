/** The approval of a train for its next move: one yes to the plans of all its releases, bound to what is shown here; by anybody but its maker. */

import type { ShownTrainView } from '@beluga/contract/train-schema';
import { ActionGroup, Button, Card, CardBody, CardTitle, Form } from '@patternfly/react-core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { FailureAlert } from '../../parts/failure.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Loaded } from '../../parts/page.tsx';
import { ReasonField } from '../../parts/reason-field.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { planQuery } from '../../queries.ts';
import { Delta } from '../change/delta.tsx';

type Plan = NonNullable<ShownTrainView['plan']>;

/** Where somebody has to approve it, or has. */
export function Approval({ shown }: { readonly shown: ShownTrainView }) {
  const { t } = useTranslation();
  const { plan } = shown;
  if (plan === null || !plan.members.some(({ lacks, approvedBy }) => lacks || approvedBy.length > 0)) return null;
  return (
    <Card isCompact>
      <CardTitle component="h2">{t('trainApproval.title', { environment: plan.environment })}</CardTitle>
      <CardBody className="plan">
        <Standing shown={shown} plan={plan} />
        <p className="quiet">
          {t('decide.plan')}{' '}
          <code className="digest" translate="no">
            {plan.planHash}
          </code>
        </p>
        <ul className="train-plan">
          {plan.members.map((member) => (
            <Planned key={member.component} member={member} environment={plan.environment} shown={shown} />
          ))}
        </ul>
        {shown.can.approve.allowed ? <ApproveForm train={shown.train.name} plan={plan} /> : null}
      </CardBody>
    </Card>
  );
}

/** Who is waited for; why it is not whoever looks. */
function Standing({ shown: { can, train }, plan }: { readonly shown: ShownTrainView; readonly plan: Plan }) {
  const { t } = useTranslation();
  const { allowed, code } = can.approve;
  const who = [...new Set(plan.members.flatMap(({ approvedBy }) => approvedBy))].toSorted().join(', ');
  if (allowed) return <Notice kind="warning" title={t('trainApproval.waits', { maker: train.createdBy })} />;
  if (code === 'own-train') return <Notice kind="info" title={t('trainApproval.own')} />;
  if (code === 'said-yes') return <Notice kind="info" title={t('trainApproval.saidYes')} />;
  return <Notice kind="success" title={t('decision.approved', { who })} />;
}

type PlannedProps = { readonly member: Plan['members'][number]; readonly environment: string; readonly shown: ShownTrainView };

/** One release of it: who approved it, and what it brings, asked for when it is opened. */
function Planned({ member: { component, version, lacks, approvedBy }, environment, shown }: PlannedProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const former = shown.prognosis.members.find((one) => one.component === component)?.formerVersion ?? null;
  return (
    <li>
      <p>
        <strong translate="no">{component}</strong> <span translate="no">{former === null ? version : `${former} → ${version}`}</span>{' '}
        <span className="quiet">
          {lacks ? t('trainApproval.lacks') : null} {approvedBy.length > 0 ? t('decision.approved', { who: approvedBy.join(', ') }) : null}
        </span>
      </p>
      <details className="more" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t('trainApproval.brings', { component })}</summary>
        {open ? <Brings wish={{ component, version, environment }} /> : null}
      </details>
    </li>
  );
}

function Brings({ wish }: { readonly wish: Parameters<typeof planQuery>[0] }) {
  const query = useQuery(planQuery(wish));
  return (
    <Loaded query={query} rows={2}>
      {({ delta, formerVersion }) => <Delta delta={delta} first={formerVersion === null} />}
    </Loaded>
  );
}

function ApproveForm({ train, plan }: { readonly train: string; readonly plan: Plan }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const approve = useApprove(train, plan, reason.trim());
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    approve.mutate();
  };
  return (
    <Form onSubmit={submit}>
      {approve.error === null ? null : <FailureAlert error={approve.error} />}
      <ReasonField id="train-approval-reason" label={t('trainApproval.reason')} value={reason} change={setReason} />
      <ActionGroup>
        <Button type="submit" isDisabled={approve.isPending} isLoading={approve.isPending}>
          {t('decide.approve')}
        </Button>
        <CommandLine>{`beluga train approve ${train} --plan ${plan.planHash}`}</CommandLine>
      </ActionGroup>
    </Form>
  );
}

function useApprove(train: string, { planHash }: Plan, reason: string) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { say } = useToasts();
  return useMutation({
    mutationFn: () => client.approveTrain({ train, planHash, ...(reason === '' ? {} : { reason }) }),
    onSuccess: async () => {
      say({ kind: 'success', title: t('decide.done.approve') });
      await queries.invalidateQueries();
    },
    // Another plan by now: it is shown as it is.
    onError: () => queries.invalidateQueries({ queryKey: ['train', train] }),
  });
}
