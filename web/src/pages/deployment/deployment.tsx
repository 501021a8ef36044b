/** One deployment, live: its steps, the instances coming and going, the ledger as it is written, and what can be done. */

import type { DeploymentView } from '@beluga/contract/api-schema';
import { Button, Card, CardBody, CardTitle, ExpandableSection } from '@patternfly/react-core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine } from '../../parts/empty.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { Said } from '../../parts/said.tsx';
import { StateLabel } from '../../parts/states.tsx';
import { Ago, durationOf, useNow } from '../../parts/time.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { Verdicts } from '../../parts/verdicts.tsx';
import { GoBack } from './go-back.tsx';
import { Ledger } from './ledger.tsx';
import { LiveInstances } from './live-instances.tsx';
import { Steps } from './steps.tsx';

const route = getRouteApi('/deployments/$id');

export function isMoving({ state }: Pick<DeploymentView, 'state'>): boolean {
  return state === 'waiting' || state === 'running';
}

export function DeploymentPage() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  const query = useQuery({
    queryKey: ['deployment', id],
    queryFn: () => client.showDeployment({ id }),
    refetchInterval: ({ state: { data } }) => (data === undefined || isMoving(data) ? 1_000 : false),
  });
  const { data } = query;
  const title =
    data === undefined ? id : t('deployment.title', { component: data.component, version: data.version, environment: data.environment });
  return (
    <Page
      title={title}
      trail={[{ words: t('page.deployments'), to: '/deployments' }]}
      label={data === undefined ? null : <StateLabel state={data.state} compact={false} />}
      text={data === undefined ? undefined : <Facts deployment={data} />}
      actions={data === undefined ? null : <Actions deployment={data} />}
    >
      <Loaded query={query}>{(deployment) => <Whole deployment={deployment} />}</Loaded>
    </Page>
  );
}

function Facts({ deployment }: { readonly deployment: DeploymentView }) {
  const { t } = useTranslation();
  const { component, environment, formerVersion, requestedBy, requestedAt, purpose } = deployment;
  return (
    <>
      <Link to="/components/$component" params={{ component }} search={{ environment }} translate="no">
        {component}
      </Link>
      {' · '}
      {t(purpose === 'rollback' ? 'deployment.back' : formerVersion === null ? 'deployment.firstEver' : 'deployment.replaces', {
        version: formerVersion ?? '',
      })}
      {' · '}
      {t('deployment.askedBy', { who: requestedBy })} <Ago at={requestedAt} />
      {' · '}
      <Took deployment={deployment} />
    </>
  );
}

function Took({ deployment }: { readonly deployment: DeploymentView }) {
  const { t } = useTranslation();
  const now = useNow();
  if (deployment.startedAt === null) return <>{t('deployment.notStarted')}</>;
  const end = deployment.endedAt === null ? Math.max(now, Date.parse(deployment.startedAt)) : Date.parse(deployment.endedAt);
  return <>{t('deployment.took', { time: durationOf(end - Date.parse(deployment.startedAt)) })}</>;
}

function Actions({ deployment }: { readonly deployment: DeploymentView }) {
  const { t } = useTranslation();
  const { say, fail } = useToasts();
  const cancel = useMutation({
    mutationFn: () => client.cancelDeployment({ id: deployment.id }),
    onSuccess: () => say({ kind: 'success', title: t('deployment.cancelAsked'), text: t('deployment.cancelText') }),
    onError: fail,
  });
  if (!isMoving(deployment)) return <GoBack deployment={deployment} />;
  return (
    <Button variant="danger" onClick={() => cancel.mutate()} isDisabled={cancel.isPending || cancel.isSuccess} isLoading={cancel.isPending}>
      {t('deployment.cancel')}
    </Button>
  );
}

const severity = {
  waiting: 'info',
  running: 'info',
  succeeded: 'success',
  'rolled-back': 'warning',
  failed: 'danger',
  refused: 'warning',
  cancelled: 'info',
} as const;

function Whole({ deployment }: { readonly deployment: DeploymentView }) {
  const { t } = useTranslation();
  const { state, reason, verdicts, log, steps, component, environment, id } = deployment;
  return (
    <div className="deployment">
      {reason === null ? null : (
        <Notice kind={severity[state]} title={t(`ending.${state}`)}>
          <p>
            <Said>{reason}</Said>
          </p>
        </Notice>
      )}
      <div className="deployment-columns">
        <Card isCompact>
          <CardTitle component="h2">{t('deployment.steps')}</CardTitle>
          <CardBody>
            {steps.length === 0 ? (
              <p className="quiet">{t(`deployment.noSteps.${isMoving(deployment) ? 'yet' : 'ever'}`)}</p>
            ) : (
              <Steps steps={steps} />
            )}
          </CardBody>
        </Card>
        <div className="deployment-right">
          <LiveInstances deployment={deployment} />
          <Ledger deployment={deployment} />
          {log.length === 0 ? null : <LastWords log={log} />}
        </div>
      </div>
      <ExpandableSection toggleText={t('plan.gates')} isIndented>
        <Verdicts verdicts={verdicts} />
      </ExpandableSection>
      <CommandLine>
        {isMoving(deployment) ? `beluga cancel ${id}` : `beluga deployments --component ${component} --env ${environment}`}
      </CommandLine>
    </div>
  );
}

function LastWords({ log }: { readonly log: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <Card isCompact>
      <CardTitle component="h2">{t('deployment.log')}</CardTitle>
      <CardBody>
        <pre className="last-words" translate="no" tabIndex={0}>
          {log.join('\n')}
        </pre>
      </CardBody>
    </Card>
  );
}
