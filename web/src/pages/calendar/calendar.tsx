/** When installations may start: windows, freezes and trains, with the installations that were made, by month or by week. */

import { Button, ToggleGroup, ToggleGroupItem, Toolbar, ToolbarContent, ToolbarItem } from '@patternfly/react-core';
import { AngleLeftIcon, AngleRightIcon } from '@patternfly/react-icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { EnvironmentChoice } from '../../parts/choice.tsx';
import { CommandLine } from '../../parts/empty.tsx';
import { Loaded, Page } from '../../parts/page.tsx';
import { trainsQuery, useEnvironments } from '../../queries.ts';
import './calendar.css';
import { type CalendarViewName, calendarViews, type Day, dayOf, daysOf, keyOf, movedBy } from './days.ts';
import { Entries } from './entries.tsx';
import { EntryDialog, type EntryKind } from './entry-dialog.tsx';
import { Month } from './month.tsx';
import type { Shown } from './shown.ts';
import { Week } from './week.tsx';

const route = getRouteApi('/calendar');

export function CalendarPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const asked: EntryKind | null = search.new === 'freeze' || search.new === 'window' ? search.new : null;
  const ask = (kind: EntryKind | undefined): void =>
    void navigate({ search: (all) => ({ ...all, new: kind }), replace: true, resetScroll: false });
  const view = calendarViews.find((one) => one === search.view) ?? 'month';
  const at = dayOf(search.at, new Date());
  const environments = useEnvironments();
  const environment = search.environment ?? environments.at(-1) ?? '';
  const days = daysOf(view, at);
  const { calendar, trains, installed } = useShown(days, environment);
  return (
    <Page
      title={t('page.calendar')}
      text={t('calendar.text')}
      actions={
        <div className="page-actions">
          <Button variant="primary" onClick={() => ask('freeze')}>
            {t('calendar.newFreeze')}
          </Button>
          <Button variant="secondary" onClick={() => ask('window')}>
            {t('calendar.newWindow')}
          </Button>
        </div>
      }
    >
      <Where view={view} at={at} environment={environment} />
      <Loaded query={calendar} rows={10}>
        {(data) => <Whole view={view} shown={{ days, at, environment, calendar: data, trains, installed }} />}
      </Loaded>
      {asked === null ? null : (
        <EntryDialog kind={asked} environment={environment} timeZone={calendar.data?.timeZone ?? ''} close={() => ask(undefined)} />
      )}
    </Page>
  );
}

function useShown(days: readonly Day[], environment: string) {
  const span = { from: days[0]?.start.toISOString() ?? '', to: days.at(-1)?.end.toISOString() ?? '' };
  const wish = { ...span, environment };
  const calendar = useQuery({
    queryKey: ['calendar', wish],
    queryFn: () => client.showCalendar(wish),
    enabled: environment !== '',
    placeholderData: keepPreviousData,
  });
  const trains = useQuery(trainsQuery);
  const installed = useQuery({
    queryKey: ['installed', wish],
    queryFn: () => client.countInstallations(wish),
    enabled: environment !== '',
    placeholderData: keepPreviousData,
  });
  return { calendar, trains: trains.data?.items ?? [], installed: installed.data?.items ?? [] };
}

type WhereProps = { readonly view: CalendarViewName; readonly at: Date; readonly environment: string };

function Where({ view, at, environment }: WhereProps) {
  const { t, i18n } = useTranslation();
  const navigate = route.useNavigate();
  const go = (changes: { view?: string; at?: string | undefined; environment?: string | undefined }): void =>
    void navigate({ search: (all) => ({ ...all, ...changes }), replace: true, resetScroll: false });
  const move = (by: number): void => go({ at: keyOf(movedBy(view, at, by)) });
  const title = new Intl.DateTimeFormat(i18n.language, view === 'month' ? { month: 'long', year: 'numeric' } : { dateStyle: 'long' });
  const [first] = daysOf(view, at);
  return (
    <Toolbar className="filters">
      <ToolbarContent>
        <ToolbarItem>
          <Button variant="secondary" onClick={() => go({ at: undefined })}>
            {t('calendar.today')}
          </Button>
        </ToolbarItem>
        <ToolbarItem className="calendar-move">
          <Button variant="plain" aria-label={t(`calendar.before.${view}`)} icon={<AngleLeftIcon />} onClick={() => move(-1)} />
          <Button variant="plain" aria-label={t(`calendar.after.${view}`)} icon={<AngleRightIcon />} onClick={() => move(1)} />
          <h2 aria-live="polite">
            {view === 'month' ? title.format(at) : t('calendar.weekOf', { day: title.format(first?.start ?? at) })}
          </h2>
        </ToolbarItem>
        <ToolbarItem>
          <ToggleGroup aria-label={t('calendar.view')}>
            {calendarViews.map((name) => (
              <ToggleGroupItem
                key={name}
                text={t(`calendar.views.${name}`)}
                buttonId={`calendar-${name}`}
                isSelected={name === view}
                onChange={() => go({ view: name })}
              />
            ))}
          </ToggleGroup>
        </ToolbarItem>
        <EnvironmentChoice value={environment} none={null} change={(chosen) => go({ environment: chosen })} />
        <ToolbarItem className="filter-count">{t('calendar.zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}</ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}

function Whole({ view, shown }: { readonly view: CalendarViewName; readonly shown: Shown }) {
  const { t } = useTranslation();
  const windows = shown.calendar.entries.some(({ kind }) => kind === 'window');
  return (
    <div className="estate">
      {windows ? null : <p className="quiet">{t('calendar.anyTime', { environment: shown.environment })}</p>}
      {view === 'month' ? <Month shown={shown} /> : <Week shown={shown} />}
      <Legend />
      <Entries calendar={shown.calendar} />
      <CommandLine>{`beluga calendar show --env ${shown.environment}`}</CommandLine>
    </div>
  );
}

function Legend() {
  const { t } = useTranslation();
  return (
    <ul className="legend" aria-label={t('calendar.legend')}>
      {(['window', 'freeze', 'train'] as const).map((kind) => (
        <li key={kind}>
          <span className={`swatch swatch-${kind}`} aria-hidden="true" />
          {t(`calendar.kinds.${kind}`)}
        </li>
      ))}
    </ul>
  );
}
