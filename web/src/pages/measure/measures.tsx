/** How delivery goes: six figures, each opening the installations that make it, how they went over time, and where time is lost. */

import type { MeasuresView } from '@beluga/contract/measure-schema';
import { Card, CardBody, CardTitle, Toolbar, ToolbarContent } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { Choice, EnvironmentChoice, SystemChoice } from '../../parts/choice.tsx';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { useEnvironments } from '../../queries.ts';
import { valueOf } from './figure.ts';
import { Made } from './made.tsx';
import './measures.css';
import { Trend } from './trend.tsx';
import { Waits } from './waits.tsx';

const route = getRouteApi('/measures');
const periods = ['7', '30', '90', '365'] as const;
const usual = '30';
const slices = 12;

export function MeasuresPage() {
  const { t } = useTranslation();
  const { environment, system, days = usual } = route.useSearch();
  const period = periods.find((one) => one === days) ?? usual;
  const wish = {
    ...(environment === undefined ? {} : { environment }),
    ...(system === undefined ? {} : { system }),
    days: Number(period),
    slices,
  };
  const query = useQuery({
    queryKey: ['measures', wish],
    queryFn: () => client.measureDelivery(wish),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
    meta: { rests: true },
  });
  return (
    <Page title={t('page.measures')} text={t('measures.text')}>
      <Filters period={period} />
      <Loaded query={query} rows={8}>
        {(measures) => <Whole measures={measures} period={period} />}
      </Loaded>
    </Page>
  );
}

function Filters({ period }: { readonly period: string }) {
  const { t } = useTranslation();
  const { environment, system } = route.useSearch();
  const navigate = route.useNavigate();
  const last = useEnvironments().at(-1);
  const go = (changes: { environment?: string | undefined; system?: string | undefined; days?: string | undefined }): void =>
    void navigate({ search: (all) => ({ ...all, ...changes, of: undefined }), replace: true, resetScroll: false });
  return (
    <Toolbar className="filters">
      <ToolbarContent>
        <Choice
          label={t('measures.period')}
          value={period}
          none={null}
          options={periods.map((value) => ({ value, words: t('measures.days', { count: Number(value) }) }))}
          change={(chosen) => go({ days: chosen })}
        />
        <EnvironmentChoice value={environment ?? last} none={null} change={(chosen) => go({ environment: chosen })} />
        <SystemChoice value={system} change={(chosen) => go({ system: chosen })} />
      </ToolbarContent>
    </Toolbar>
  );
}

function Whole({ measures, period }: { readonly measures: MeasuresView; readonly period: string }) {
  const { t } = useTranslation();
  const { environment, installations, waits } = measures;
  const { system, of } = route.useSearch();
  if (installations === 0 && waits.length === 0) {
    return (
      <Empty title={t('measures.none', { environment })} filtered={system !== undefined}>
        {t('measures.noneText')}
      </Empty>
    );
  }
  return (
    <div className="estate">
      <p className="quiet">{t('measures.counted', { count: installations, environment })}</p>
      <ul className="figures" aria-label={t('measures.figures')}>
        {measures.figures.map((figure) => (
          <li key={figure.name}>
            <FigureCard figure={figure} measures={measures} />
          </li>
        ))}
      </ul>
      {of === undefined ? null : <Made of={of} measures={measures} />}
      <Waits measures={measures} />
      <CommandLine>{`beluga measures --env ${environment}${system === undefined ? '' : ` --system ${system}`} --days ${period}`}</CommandLine>
    </div>
  );
}

type FigureProps = { readonly figure: MeasuresView['figures'][number]; readonly measures: MeasuresView };

function FigureCard({ figure, measures }: FigureProps) {
  const { t, i18n } = useTranslation();
  const { name, value, unit, deployments } = figure;
  return (
    <Card isCompact isFullHeight>
      <CardTitle component="h2">{t(`figure.${name}`)}</CardTitle>
      <CardBody>
        <strong className="figure-value">{valueOf(value, unit, i18n.language, t)}</strong>
        <Trend name={name} unit={unit} slices={measures.slices} />
        <p className="quiet">{t(`figureMeans.${name}`)}</p>
        {deployments.length === 0 ? null : (
          <Link to="/measures" search={(all) => ({ ...all, of: name })} resetScroll={false}>
            {t('measures.open', { count: deployments.length })}
          </Link>
        )}
      </CardBody>
    </Card>
  );
}
