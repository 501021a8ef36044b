/** The filters of the estate: each is in the address, so that a view can be sent to somebody. */

import type { EstateRowView, EstateView } from '@beluga/contract/console-schema';
import { Button, SearchInput, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import { DownloadIcon } from '@patternfly/react-icons';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Choice, type Option } from '../../parts/choice.tsx';
import { download } from '../../parts/download.ts';
import { MomentField } from '../../parts/moment-field.tsx';
import { ages, csvOf } from './filter.ts';

const route = getRouteApi('/');
type Key = 'system' | 'team' | 'kind' | 'criticality' | 'environment' | 'state' | 'drift' | 'age';
const states = ['serving', 'degraded', 'down', 'deploying', 'scheduled', 'unknown'] as const;
const kinds = ['Service', 'Job'] as const;
const criticalities = ['critical', 'high', 'medium', 'low'] as const;

export function Filters({ estate, shown }: { readonly estate: EstateView; readonly shown: readonly EstateRowView[] }) {
  const { t } = useTranslation();
  const { rows, environments } = estate;
  const teams = distinct(rows.map(({ team }) => team ?? ''));
  return (
    <Toolbar className="filters">
      <ToolbarContent>
        <ToolbarItem className="filter-words">
          <Words />
        </ToolbarItem>
        <Chosen name="system" options={distinct(rows.map(({ system }) => system))} />
        {teams.length > 0 ? <Chosen name="team" options={teams} /> : null}
        <Chosen name="kind" options={kinds.map((value) => ({ value, words: t(`kind.${value}`) }))} />
        <Chosen name="environment" options={environments} />
        <Chosen name="state" options={states.map((value) => ({ value, words: t(`state.${value}`) }))} />
        <Chosen name="criticality" options={criticalities.map((value) => ({ value, words: t(`criticality.${value}`) }))} />
        <Chosen name="drift" options={[{ value: 'yes', words: t('estate.drifting') }]} />
        <Chosen name="age" options={ages.map((value) => ({ value, words: t(`estate.ages.${value}`) }))} />
        <ToolbarItem>
          <AsOf />
        </ToolbarItem>
        <ToolbarItem className="filter-count" role="status">
          {t('estate.shown', { count: shown.length })}
        </ToolbarItem>
        <ToolbarItem>
          <Button
            variant="link"
            icon={<DownloadIcon />}
            onClick={() => download('estate.csv', csvOf(shown, environments), 'text/csv;charset=utf-8')}
          >
            {t('estate.csv')}
          </Button>
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter((value) => value !== '').toSorted();
}

/** What is typed is seen at once; the address, and what it filters, follow. */
function Words() {
  const { t } = useTranslation();
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, type] = useState(q);
  useEffect(() => type(q), [q]);
  const change = (value: string): void => {
    type(value);
    void navigate({ search: (all) => ({ ...all, q: value === '' ? undefined : value }), replace: true, resetScroll: false });
  };
  return (
    <SearchInput
      aria-label={t('estate.search')}
      placeholder={t('estate.search')}
      value={typed}
      onChange={(_, value) => change(value)}
      onClear={() => change('')}
      resetButtonLabel={t('act.clear')}
    />
  );
}

/** A filter of the address by its name. */
function Chosen({ name, options }: { readonly name: Key; readonly options: readonly (string | Option)[] }) {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (chosen: string | undefined): void =>
    void navigate({ search: (all) => ({ ...all, [name]: chosen }), replace: true, resetScroll: false });
  return <Choice label={t(`filter.${name}`)} value={search[name]} options={options} change={choose} />;
}

function AsOf() {
  const { t } = useTranslation();
  const { at } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (local: string): void => {
    const instant = local === '' ? undefined : new Date(local).toISOString();
    void navigate({ search: (all) => ({ ...all, at: instant }), replace: true });
  };
  return (
    <div className="as-of">
      <label htmlFor="as-of">{t('estate.asOf')}</label>
      <MomentField id="as-of" value={at === undefined ? '' : localOf(at)} late change={choose} />
    </div>
  );
}

/** An instant as the field wants it: local, to the minute. */
function localOf(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
