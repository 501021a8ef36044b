/** What a component does and uses, as charts over the same time: traffic, errors, latency, CPU, memory, instances, with its deployments marked. */

import type { DeploymentView } from '@beluga/contract/api-schema';
import type { ComponentPageView } from '@beluga/contract/console-schema';
import type { SamplesView } from '@beluga/contract/sample-schema';
import { ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Loaded } from '../../parts/page.tsx';
import { StateLabel } from '../../parts/states.tsx';
import { At, dayAndTime } from '../../parts/time.tsx';
import './activity.css';
import { Chart, type Mark } from './chart.tsx';
import { type ChartName, chartNames, pointsOf } from './chart-points.ts';
import { EnvironmentChoice, useEnvironment } from './environment-choice.tsx';

const route = getRouteApi('/components/$component');
const spans = { '15m': 15, '1h': 60, '6h': 360, '24h': 1_440, '7d': 10_080 } as const;
type Span = keyof typeof spans;
const usual: Span = '1h';
const minuteMs = 60_000;

export function Activity({ page }: { readonly page: ComponentPageView }) {
  const { t } = useTranslation();
  const environment = useEnvironment(page);
  if (environment === null) return <Empty title={t('component.nowhere')} />;
  if (page.component.kind === 'Job') return <Empty title={t('activity.job')}>{t('activity.jobText')}</Empty>;
  return <Charted page={page} environment={environment} />;
}

function Charted({ page, environment }: { readonly page: ComponentPageView; readonly environment: string }) {
  const component = page.component.name;
  const { samples, deployments } = useActivity(component, environment);
  return (
    <>
      <div className="tab-tools">
        <EnvironmentChoice page={page} chosen={environment} />
        <Spans />
        <CommandLine>{`beluga samples ${component} --env ${environment}`}</CommandLine>
      </div>
      <Loaded query={samples}>{(data) => <Charts samples={data} deployments={deployments.data?.items ?? []} />}</Loaded>
    </>
  );
}

function useSpan(): Span {
  const { span } = route.useSearch();
  return (Object.keys(spans) as Span[]).find((one) => one === span) ?? usual;
}

/** The end of the time moves on with the clock: both are asked for again as often as somebody looks at what runs. */
function useActivity(component: string, environment: string) {
  const span = useSpan();
  const place = { component, environment };
  const since = (): string => new Date(Date.now() - spans[span] * minuteMs).toISOString();
  const pace = { refetchInterval: 15_000, placeholderData: keepPreviousData };
  const samples = useQuery({
    queryKey: ['samples', place, span],
    queryFn: () => client.listSamples({ ...place, from: since() }),
    meta: { rests: true },
    ...pace,
  });
  const deployments = useQuery({
    queryKey: ['deployments', place, span],
    queryFn: () => client.listDeployments({ ...place, from: since(), limit: 50 }),
    ...pace,
  });
  return { samples, deployments };
}

function Spans() {
  const { t } = useTranslation();
  const shown = useSpan();
  const navigate = route.useNavigate();
  return (
    <ToggleGroup aria-label={t('activity.span')} isCompact>
      {(Object.keys(spans) as Span[]).map((span) => (
        <ToggleGroupItem
          key={span}
          text={t(`activity.spans.${span}`)}
          buttonId={`span-${span}`}
          isSelected={span === shown}
          onChange={() => void navigate({ search: (all) => ({ ...all, span }), replace: true, resetScroll: false })}
        />
      ))}
    </ToggleGroup>
  );
}

type ChartsProps = { readonly samples: SamplesView; readonly deployments: readonly DeploymentView[] };

function Charts({ samples, deployments }: ChartsProps) {
  const { t } = useTranslation();
  const [chosen, choose] = useState<number | null>(null);
  const { items } = samples;
  if (items.length === 0) return <Empty title={t('activity.none')}>{t('activity.noneText')}</Empty>;
  const marks = deployments.flatMap(({ id, startedAt, state }): Mark[] =>
    startedAt === null ? [] : [{ id, at: Date.parse(startedAt), good: state === 'succeeded' }],
  );
  const at = chosen === null ? null : Math.min(chosen, items.length - 1);
  return (
    <>
      <Moment samples={samples} chosen={at} choose={choose} />
      <ul className="charts">
        {chartNames.map((name: ChartName) => (
          <li key={name}>
            <Chart name={name} points={pointsOf(name, samples)} marks={marks} chosen={at} choose={choose} />
          </li>
        ))}
      </ul>
      <Marked deployments={deployments} />
    </>
  );
}

type MomentProps = { readonly samples: SamplesView; readonly chosen: number | null; readonly choose: (index: number | null) => void };

/** One moment of all charts, by keyboard too. */
function Moment({ samples: { items }, chosen, choose }: MomentProps) {
  const { t, i18n } = useTranslation();
  const index = chosen ?? items.length - 1;
  const at = items[index]?.at ?? '';
  const words = chosen === null ? t('activity.latest') : dayAndTime(at, i18n.language);
  return (
    <label className="moment">
      <span>{t('activity.moment')}</span>
      <input
        type="range"
        min={0}
        max={items.length - 1}
        value={index}
        aria-valuetext={words}
        onChange={(event) => choose(Number(event.target.value) === items.length - 1 ? null : Number(event.target.value))}
      />
      <output>{words}</output>
    </label>
  );
}

function Marked({ deployments }: Pick<ChartsProps, 'deployments'>) {
  const { t } = useTranslation();
  if (deployments.length === 0) return <p className="quiet">{t('activity.noDeployments')}</p>;
  return (
    <section>
      <h2>{t('activity.deployments')}</h2>
      <ul className="marked">
        {deployments.map(({ id, version, state, requestedAt, startedAt }) => (
          <li key={id}>
            <StateLabel state={state} />
            <Link to="/deployments/$id" params={{ id }} translate="no">
              {version}
            </Link>
            <At at={startedAt ?? requestedAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}
