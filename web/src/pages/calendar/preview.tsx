/** When what is being written would come, and what a freeze would hold up; asked of the server as it is typed. */
import { Label } from '@patternfly/react-core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { Loaded } from '../../parts/page.tsx';
import { type Draft, isWhole, requestOf } from './draft.ts';

const pauseMs = 250;
const most = 20;

export function Preview({ draft }: { readonly draft: Draft }) {
  const { t, i18n } = useTranslation();
  const settled = useSettled(draft);
  const request = requestOf(settled);
  const query = useQuery({
    queryKey: ['calendar', 'preview', request],
    queryFn: () => client.previewCalendarEntry(request),
    enabled: isWhole(settled),
    placeholderData: keepPreviousData,
    retry: false,
    refetchInterval: false,
  });
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <section className="entry-preview" aria-live="polite" aria-label={t('calendar.preview')}>
      <Loaded query={query}>
        {({ occurrences, holdsUp, trains, entry }) => (
          <>
            <h2>{t('calendar.comes')}</h2>
            {occurrences.length === 0 ? <p>{t('calendar.never')}</p> : null}
            <ul className="plain-list">
              {occurrences.map(({ start, end }) => (
                <li key={start}>{format.formatRange(new Date(start), new Date(end))}</li>
              ))}
            </ul>
            {entry.kind === 'freeze' ? <HoldsUp holdsUp={holdsUp} trains={trains} format={format} /> : null}
          </>
        )}
      </Loaded>
    </section>
  );
}

type HoldsUpProps = Pick<Awaited<ReturnType<typeof client.previewCalendarEntry>>, 'holdsUp' | 'trains'> & {
  readonly format: Intl.DateTimeFormat;
};

function HoldsUp({ holdsUp, trains, format }: HoldsUpProps) {
  const { t } = useTranslation();
  return (
    <>
      <h2>{holdsUp.length === 0 ? t('calendar.holdsNothing') : t('calendar.holdsUp', { count: holdsUp.length })}</h2>
      <ul className="plain-list">
        {holdsUp.slice(0, most).map(({ component, version, environment, state, deployment, ...shift }) => (
          <li key={`${component} ${version} ${environment} ${state}`}>
            <Label isCompact variant="outline" color={state === 'waiting' ? 'orange' : 'grey'}>
              {t(`calendar.held.${state}`)}
            </Label>{' '}
            {deployment === null ? (
              <span translate="no">{`${component}@${version} → ${environment}`}</span>
            ) : (
              <Link to="/deployments/$id" params={{ id: deployment }} translate="no">
                {`${component}@${version} → ${environment}`}
              </Link>
            )}
            <Moved {...shift} format={format} />
          </li>
        ))}
        {trains.map(({ train, kind, environment, ...shift }) => (
          <li key={`${train} ${kind}`}>
            <strong translate="no">{train}</strong> {t(`trip.to.${kind}`, { environment })}
            <Moved {...shift} format={format} />
          </li>
        ))}
      </ul>
      {holdsUp.length > most ? <p className="quiet">{t('estate.more', { count: holdsUp.length - most })}</p> : null}
    </>
  );
}

type Shift = Pick<HoldsUpProps['holdsUp'][number], 'startsAt' | 'movesTo'>;

/** From when to when it moves; nothing for what may start before. */
function Moved({ startsAt, movesTo, format }: Shift & Pick<HoldsUpProps, 'format'>) {
  const { t } = useTranslation();
  if (startsAt === movesTo) return null;
  const [from, to] = [startsAt, movesTo].map((at) => (at === null ? t('calendar.noStart') : format.format(new Date(at))));
  return <p className="quiet">{t('calendar.moves', { from, to })}</p>;
}

/** The draft as it was when the typing paused. */
function useSettled(draft: Draft): Draft {
  const [settled, setSettled] = useState(draft);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(draft), pauseMs);
    return () => clearTimeout(timer);
  }, [draft]);
  return settled;
}
