/** One component: its stages side by side, and behind tabs what runs, what it says, what it is given and what it is made of. */

import type { ComponentPageView } from '@beluga/contract/console-schema';
import { Label, Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ComponentType, lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Page, Skeletons } from '../../parts/page.tsx';
import { componentQuery } from '../../queries.ts';
import { Dependencies } from './dependencies.tsx';
import { Instances } from './instances.tsx';
import { Releases } from './releases.tsx';
import { Stages } from './stages.tsx';

export type TabProps = { readonly page: ComponentPageView };
const Activity = lazy(async () => ({ default: (await import('./activity.tsx')).Activity }));
const Logs = lazy(async () => ({ default: (await import('./logs.tsx')).Logs }));
const Configuration = lazy(async () => ({ default: (await import('./configuration.tsx')).Configuration }));
const Storeys = lazy(async () => ({ default: (await import('./storeys.tsx')).Storeys }));

const tabs = ['stages', 'instances', 'activity', 'logs', 'configuration', 'dependencies', 'image', 'releases'] as const;
type TabName = (typeof tabs)[number];
const bodies: Readonly<Record<TabName, ComponentType<TabProps>>> = {
  stages: Stages,
  instances: Instances,
  activity: Activity,
  logs: Logs,
  configuration: Configuration,
  dependencies: Dependencies,
  image: Storeys,
  releases: Releases,
};
const route = getRouteApi('/components/$component');

export function ComponentPage() {
  const { t } = useTranslation();
  const { component } = route.useParams();
  const query = useQuery(componentQuery(component));
  const known = query.data?.component;
  const facts =
    known === undefined
      ? undefined
      : [t('component.of', { system: known.system }), known.team, known.description].filter((fact) => fact !== null).join(' · ');
  return (
    <Page
      title={component}
      trail={[{ words: t('page.estate'), to: '/' }]}
      text={facts}
      label={known === undefined ? null : <Facts component={known} />}
    >
      <Loaded query={query}>{(page) => <Body page={page} />}</Loaded>
    </Page>
  );
}

function Facts({ component }: { readonly component: ComponentPageView['component'] }) {
  const { t } = useTranslation();
  const { kind, criticality } = component;
  const known =
    criticality === 'critical' || criticality === 'high' || criticality === 'medium' || criticality === 'low' ? criticality : 'medium';
  return (
    <>
      <Label isCompact>{t(`kind.${kind}`)}</Label>
      <Label isCompact color={known === 'critical' ? 'red' : 'grey'} variant="outline">
        {known === 'critical' ? t('criticality.critical') : t('component.criticality', { level: t(`criticality.${known}`) })}
      </Label>
    </>
  );
}

function Body({ page }: TabProps) {
  const { t } = useTranslation();
  const { tab = 'stages' } = route.useSearch();
  const navigate = route.useNavigate();
  const shown = tabs.find((name) => name === tab) ?? 'stages';
  const Shown = bodies[shown];
  return (
    <>
      <Tabs
        activeKey={shown}
        onSelect={(_, name) => void navigate({ search: (all) => ({ ...all, tab: String(name) }) })}
        aria-label={t('component.tabs')}
      >
        {tabs.map((name) => (
          <Tab
            key={name}
            eventKey={name}
            title={<TabTitleText>{t(`tab.${name}`)}</TabTitleText>}
            aria-controls="tab-body"
            id={`tab-${name}`}
          />
        ))}
      </Tabs>
      <div className="tab-body" id="tab-body" role="tabpanel" aria-labelledby={`pf-tab-${shown}-tab-${shown}`} tabIndex={-1}>
        <Suspense fallback={<Skeletons rows={6} />}>
          <Shown page={page} />
        </Suspense>
      </div>
    </>
  );
}
