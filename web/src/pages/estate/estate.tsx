/** The estate: what runs where, what moves, what is red and why. */

import type { EstateView } from '@beluga/contract/console-schema';
import { AlertActionLink } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useDeferredValue, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { CommandLine, Empty } from '../../parts/empty.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { dayAndTime } from '../../parts/time.tsx';
import { Counts } from './counts.tsx';
import { filtered, indexed } from './filter.ts';
import { Filters } from './filters.tsx';
import { Matrix } from './matrix.tsx';
import { News } from './news.tsx';

const route = getRouteApi('/');

export function EstatePage() {
  const { t } = useTranslation();
  const { at } = route.useSearch();
  const query = useQuery({
    queryKey: ['estate', at ?? 'now'],
    queryFn: ({ signal }) => client.showEstate({ today: startOfToday(), ...(at === undefined ? {} : { at }) }, { signal }),
    placeholderData: keepPreviousData,
    // What was is never read again, whatever happens now.
    staleTime: at === undefined ? 1_500 : 'static',
    refetchInterval: at === undefined ? 15_000 : false,
  });
  return (
    <Page title={t('page.estate')} text={t('estate.text')}>
      <Loaded query={query} rows={12}>
        {(estate) => (estate.rows.length === 0 && at === undefined ? <NothingYet /> : <Whole estate={estate} />)}
      </Loaded>
    </Page>
  );
}

function startOfToday(): string {
  const day = new Date();
  day.setHours(0, 0, 0, 0);
  return day.toISOString();
}

function NothingYet() {
  const { t } = useTranslation();
  return (
    <Empty title={t('estate.nothing')}>
      <p>{t('estate.nothingText')}</p>
      <CommandLine>beluga ship</CommandLine>
      <p>{t('estate.nothingDemo')}</p>
      <CommandLine>beluga demo</CommandLine>
    </Empty>
  );
}

function Whole({ estate }: { readonly estate: EstateView }) {
  const search = route.useSearch();
  const wanted = useDeferredValue(search);
  const rows = useMemo(() => indexed(estate.rows), [estate.rows]);
  // Only ages go on by themselves.
  const asOf = wanted.age === undefined ? 0 : Date.parse(estate.asOf);
  const shown = useMemo(() => filtered(rows, wanted, asOf), [rows, wanted, asOf]);
  return (
    <div className="estate">
      {search.at === undefined ? null : <Former at={search.at} />}
      <Counts counts={estate.counts} />
      {search.at === undefined ? <News moving={estate.moving} red={estate.red} /> : null}
      <Filters estate={estate} shown={shown} />
      {shown.length === 0 ? <NothingFits /> : <Matrix rows={shown} environments={estate.environments} asOf={Date.parse(estate.asOf)} />}
    </div>
  );
}

function Former({ at }: { readonly at: string }) {
  const { t, i18n } = useTranslation();
  const navigate = route.useNavigate();
  const back = (): void => void navigate({ search: (all) => ({ ...all, at: undefined }) });
  return (
    <Notice
      kind="info"
      title={t('estate.former', { at: dayAndTime(at, i18n.language) })}
      actions={<AlertActionLink onClick={back}>{t('estate.now')}</AlertActionLink>}
    />
  );
}

function NothingFits() {
  const { t } = useTranslation();
  return (
    <Empty title={t('estate.noneFits')} filtered>
      {t('estate.noneFitsText')}
    </Empty>
  );
}
