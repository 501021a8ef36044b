/** Deployments, the newest first. */
import { Button, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { Choice, EnvironmentChoice } from '../../parts/choice.tsx';
import { ComponentSearch, isComponentName } from '../../parts/component-search.tsx';
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
    ...(component === undefined || !isComponentName(component) ? {} : { component }),
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
  const { component, environment, state } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changes: { component?: string | undefined; environment?: string | undefined; state?: string | undefined }): void =>
    void navigate({ search: (all) => ({ ...all, ...changes }), replace: true });
  return (
    <Toolbar className="filters">
      <ToolbarContent>
        <ComponentSearch value={component} change={(chosen) => change({ component: chosen })} />
        <EnvironmentChoice value={environment} change={(chosen) => change({ environment: chosen })} />
        <Choice
          label={t('filter.state')}
          value={state}
          options={states.map((value) => ({ value, words: t(`state.${value}`) }))}
          change={(chosen) => change({ state: chosen })}
        />
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
