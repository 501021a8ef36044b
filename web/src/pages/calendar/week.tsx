/** A week: seven days of 24 hours side by side, windows and freezes as stretches, trains and installations at their hour. */
import { useTranslation } from 'react-i18next';
import { type Day, isWithin, keyOf, partOf } from './days.ts';
import { hoursOf, InstalledLink, momentsOf, type Stretch, stretchesOf, TrainMark } from './marks.tsx';
import type { Shown } from './shown.ts';

const hours = [0, 3, 6, 9, 12, 15, 18, 21] as const;
const hourMs = 3_600_000;

export function Week({ shown }: { readonly shown: Shown }) {
  const { i18n } = useTranslation();
  const hour = new Intl.DateTimeFormat(i18n.language, { hour: 'numeric' });
  return (
    <div className="week">
      <ol className="week-hours" aria-hidden="true">
        {hours.map((one) => (
          <li key={one} style={{ insetBlockStart: `${(one / 24) * 100}%` }}>
            {hour.format(new Date(2026, 0, 1, one))}
          </li>
        ))}
      </ol>
      {shown.days.map((day) => (
        <DayColumn key={day.key} day={day} shown={shown} />
      ))}
    </div>
  );
}

function DayColumn({ day, shown }: { readonly day: Day; readonly shown: Shown }) {
  const { t, i18n } = useTranslation();
  const today = day.key === keyOf(new Date());
  const title = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', day: 'numeric', month: 'short' });
  const holiday = shown.calendar.publicHolidays.includes(day.key);
  return (
    <section
      className={`week-day${today ? ' day-today' : ''}`}
      aria-label={new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full' }).format(day.start)}
    >
      <h3 aria-current={today ? 'date' : undefined}>
        {title.format(day.start)} {holiday ? <small className="quiet">{t('calendar.holiday')}</small> : null}
      </h3>
      <div className="week-body">
        {stretchesOf('window', day, shown).map((one) => (
          <Block key={`${one.id} ${one.name} ${one.start}`} kind="window" stretch={one} />
        ))}
        {stretchesOf('freeze', day, shown).map((one) => (
          <Block key={`${one.id} ${one.name} ${one.start}`} kind="freeze" stretch={one} />
        ))}
        {momentsOf(day, shown).map((moment) => (
          <div key={`${moment.train.name} ${moment.date}`} className="week-moment" style={atTop(day, moment.at)}>
            <TrainMark moment={moment} />
          </div>
        ))}
        {shown.installed
          .filter(({ hour }) => isWithin(day, hour))
          .map(({ hour, count, failed }) => (
            <div key={hour} className="week-installed" style={atTop(day, hour)}>
              <InstalledLink
                from={new Date(hour)}
                to={new Date(Date.parse(hour) + hourMs)}
                environment={shown.environment}
                count={count}
                failed={failed}
              />
            </div>
          ))}
        {today ? <div className="week-now" style={atTop(day, new Date().toISOString())} aria-hidden="true" /> : null}
      </div>
    </section>
  );
}

function atTop(day: Day, at: string) {
  const part = partOf(day, { start: day.start.toISOString(), end: at });
  return { insetBlockStart: `${(part?.to ?? 0) * 100}%` };
}

function Block({ kind, stretch }: { readonly kind: 'window' | 'freeze'; readonly stretch: Stretch }) {
  const { t, i18n } = useTranslation();
  const { from, to, name } = stretch;
  return (
    <div className={`week-block week-${kind}`} style={{ insetBlockStart: `${from * 100}%`, blockSize: `${(to - from) * 100}%` }}>
      <span translate="no">{name}</span> <small>{hoursOf(stretch, i18n.language, t)}</small>
    </div>
  );
}
