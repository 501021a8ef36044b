/** What runs otherwise than it was recorded: what, since when, found by what, and when it was put right; or has it put right. */

import type { DriftView } from '@beluga/contract/drift-schema';
import { Switch, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { EnvironmentChoice } from '../../parts/choice.tsx';
import { ComponentSearch } from '../../parts/component-search.tsx';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { DriftTable } from './drift-table.tsx';

const route = getRouteApi('/drift');
const most = 1_000;

export function DriftPage() {
  const { t } = useTranslation();
  const { component = '', environment, all } = route.useSearch();
  const wish = {
    ...(environment === undefined ? {} : { environment }),
    ...(all === undefined ? { open: true } : {}),
    limit: most,
  };
  const query = useQuery({ queryKey: ['drift', wish], queryFn: () => client.listDrift(wish), placeholderData: keepPreviousData });
  const command = `beluga drift${environment === undefined ? '' : ` --env ${environment}`}${all === undefined ? ' --open' : ''}`;
  return (
    <Page title={t('page.drift')} text={t('drift.text')}>
      <Choices />
      <div className="deployment">
        <Loaded query={query}>{({ items }) => <Found drifts={items.filter((one) => (one.component ?? '').includes(component))} />}</Loaded>
        <CommandLine>{command}</CommandLine>
      </div>
    </Page>
  );
}

function Found({ drifts }: { readonly drifts: readonly DriftView[] }) {
  const { t } = useTranslation();
  const { all } = route.useSearch();
  if (drifts.length > 0) return <DriftTable drifts={drifts} />;
  return <Empty title={t(all === undefined ? 'drift.none' : 'drift.never')}>{t('drift.noneText')}</Empty>;
}

function Choices() {
  const { t } = useTranslation();
  const { component, environment, all } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changes: { component?: string | undefined; environment?: string | undefined; all?: string | undefined }): void =>
    void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  return (
    <Toolbar className="filters">
      <ToolbarContent>
        <ComponentSearch value={component} change={(chosen) => change({ component: chosen })} />
        <EnvironmentChoice value={environment} change={(chosen) => change({ environment: chosen })} />
        <ToolbarItem className="filter-switch">
          <Switch
            id="drift-all"
            label={t('drift.past')}
            isChecked={all !== undefined}
            onChange={(_, on) => change({ all: on ? 'yes' : undefined })}
          />
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}
