/** Deployments, the newest first. */

import type { DeploymentStateName } from '@beluga/contract/api-schema';
import { Button, FormSelect, FormSelectOption, SearchInput, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { At } from '../../parts/time.tsx';
import { DeploymentTable } from './deployment-table.tsx';

const route = getRouteApi('/deployments');
const states = ['waiting', 'running', 'succeeded', 'rolled-back', 'failed', 'refused', 'cancelled'] as const;

export function DeploymentsPage() {
  const { t } = useTranslation();
  const { component, environment, state, from, to } = route.useSearch();
  const known = states.find((one) => one === state);
  const filter = {
    ...(component === undefined || !/^[a-z][a-z0-9-]{0,39}$/.test(component) ? {} : { component }),
    ...(environment === undefined ? {} : { environment }),
    ...(known === undefined ? {} : { state: known }),
    ...(isTime(from) ? { from } : {}),
    ...(isTime(to) ? { to } : {}),
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
            <Nothing filtered={[component, environment, state, from, to].some((one) => one !== undefined)} />
          ) : (
            <DeploymentTable deployments={items} label={t('page.deployments')} />
          )
        }
      </Loaded>
    </Page>
  );
}

function isTime(text: string | undefined): text is string {
  return text !== undefined && !Number.isNaN(Date.parse(text));
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
        <Between />
      </ToolbarContent>
    </Toolbar>
  );
}

/** Of a time that another page asked about; said, and taken away again. */
function Between() {
  const { t } = useTranslation();
  const { from, to } = route.useSearch();
  const navigate = route.useNavigate();
  if (!isTime(from) || !isTime(to)) return null;
  return (
    <ToolbarItem className="as-of">
      <span>
        {t('deployments.began')} <At at={from} /> – <At at={to} />
      </span>
      <Button variant="link" isInline onClick={() => void navigate({ search: (all) => ({ ...all, from: undefined, to: undefined }) })}>
        {t('act.clear')}
      </Button>
    </ToolbarItem>
  );
}
