/** Deployments, the newest first. */

import type { DeploymentStateName, DeploymentView } from '@beluga/contract/api-schema';
import { FormSelect, FormSelectOption, SearchInput, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { StateLabel } from '../../parts/states.tsx';
import { Ago, durationOf } from '../../parts/time.tsx';

const route = getRouteApi('/deployments');
const states = ['waiting', 'running', 'succeeded', 'rolled-back', 'failed', 'refused', 'cancelled'] as const;

export function DeploymentsPage() {
  const { t } = useTranslation();
  const { component, environment, state } = route.useSearch();
  const known = states.find((one) => one === state);
  const filter = {
    ...(component === undefined || !/^[a-z][a-z0-9-]{0,39}$/.test(component) ? {} : { component }),
    ...(environment === undefined ? {} : { environment }),
    ...(known === undefined ? {} : { state: known }),
    limit: 100,
  };
  const query = useQuery({
    queryKey: ['deployments', filter],
    queryFn: () => client.listDeployments(filter),
    placeholderData: keepPreviousData,
  });
  return (
    <Page title={t('page.deployments')} text={t('deployments.text')}>
      <Choices />
      <Loaded query={query} rows={10}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing filtered={component !== undefined || environment !== undefined || state !== undefined} />
          ) : (
            <DeploymentTable deployments={items} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Nothing({ filtered }: { readonly filtered: boolean }) {
  const { t } = useTranslation();
  return (
    <Empty title={t(filtered ? 'deployments.noneFits' : 'deployments.none')} filtered={filtered}>
      {filtered ? null : <CommandLine>beluga ship</CommandLine>}
    </Empty>
  );
}

function Choices() {
  const { t } = useTranslation();
  const { component = '', environment = '', state = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const session = useQuery({ queryKey: ['session'], queryFn: () => client.showSession(), staleTime: Infinity, refetchInterval: false });
  const change = (name: 'component' | 'environment' | 'state', value: string): void =>
    void navigate({ search: (all) => ({ ...all, [name]: value === '' ? undefined : value }), replace: true });
  return (
    <Toolbar className="filters">
      <ToolbarContent>
        <ToolbarItem>
          <SearchInput
            aria-label={t('deployments.component')}
            placeholder={t('deployments.component')}
            value={component}
            onChange={(_, value) => change('component', value)}
            onClear={() => change('component', '')}
            resetButtonLabel={t('act.clear')}
          />
        </ToolbarItem>
        <ToolbarItem>
          <FormSelect aria-label={t('filter.environment')} value={environment} onChange={(_, value) => change('environment', value)}>
            <FormSelectOption value="" label={t('filter.environment')} />
            {(session.data?.environments ?? []).map((name) => (
              <FormSelectOption key={name} value={name} label={name} />
            ))}
          </FormSelect>
        </ToolbarItem>
        <ToolbarItem>
          <FormSelect aria-label={t('filter.state')} value={state} onChange={(_, value) => change('state', value as DeploymentStateName)}>
            <FormSelectOption value="" label={t('filter.state')} />
            {states.map((name) => (
              <FormSelectOption key={name} value={name} label={t(`state.${name}`)} />
            ))}
          </FormSelect>
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}

function DeploymentTable({ deployments }: { readonly deployments: readonly DeploymentView[] }) {
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
    <Table aria-label={t('page.deployments')} variant="compact">
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
