/** Deployments as a table, for the pages that show some of them. */

import type { DeploymentView } from '@beluga/contract/api-schema';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { StateLabel } from '../../parts/states.tsx';
import { Ago, durationOf } from '../../parts/time.tsx';

export function DeploymentTable({ deployments, label }: { readonly deployments: readonly DeploymentView[]; readonly label: string }) {
  const { t } = useTranslation();
  const titles = [
    t('word.deployment'),
    t('word.environment'),
    t('word.state'),
    t('deployments.asked'),
    t('deployments.took'),
    t('word.ledger'),
  ];
  return (
    <Table aria-label={label} variant="compact">
      <Thead>
        <Tr>
          {titles.map((title) => (
            <Th key={title}>{title}</Th>
          ))}
        </Tr>
      </Thead>
      <Tbody>
        {deployments.map((deployment) => (
          <DeploymentRow key={deployment.id} deployment={deployment} />
        ))}
      </Tbody>
    </Table>
  );
}

function DeploymentRow({ deployment }: { readonly deployment: DeploymentView }) {
  const { t } = useTranslation();
  const { id, component, version, environment, state, purpose, requestedAt, requestedBy, startedAt, endedAt, ledger } = deployment;
  return (
    <Tr>
      <Td dataLabel={t('word.deployment')}>
        <Link to="/deployments/$id" params={{ id }} translate="no">{`${component}@${version}`}</Link>
        {purpose === 'rollback' ? <small className="quiet"> {t('deployments.rollback')}</small> : null}
      </Td>
      <Td dataLabel={t('word.environment')} translate="no">
        {environment}
      </Td>
      <Td dataLabel={t('word.state')}>
        <StateLabel state={state} />
      </Td>
      <Td dataLabel={t('deployments.asked')}>
        <Ago at={requestedAt} /> <span className="quiet">{requestedBy}</span>
      </Td>
      <Td dataLabel={t('deployments.took')}>
        {startedAt === null || endedAt === null ? '–' : durationOf(Date.parse(endedAt) - Date.parse(startedAt))}
      </Td>
      <Td dataLabel={t('word.ledger')}>{ledger === null ? '–' : t('ledger.short', { sent: ledger.sent, failed: ledger.failed })}</Td>
    </Tr>
  );
}
