/** A month: each day with a strip of its 24 hours, its freezes and trains by name, and how many installations it had. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Day, keyOf } from './days.ts';
import { hoursOf, InstalledLink, installedIn, momentsOf, type Stretch, stretchesOf, TrainMark } from './marks.tsx';
import type { Shown } from './shown.ts';

export function Month({ shown }: { readonly shown: Shown }) {
  const { t, i18n } = useTranslation();
  const names = new Intl.DateTimeFormat(i18n.language, { weekday: 'long' });
  const short = new Intl.DateTimeFormat(i18n.language, { weekday: 'short' });
  const weeks = Array.from({ length: shown.days.length / 7 }, (_, index) => shown.days.slice(7 * index, 7 * index + 7));
  return (
    <table className="month" aria-label={t('page.calendar')}>
      <thead>
        <tr>
          {shown.days.slice(0, 7).map(({ key, start }) => (
            <th key={key} scope="col">
              <abbr title={names.format(start)}>{short.format(start)}</abbr>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]?.key}>
            {week.map((day) => (
              <DayCell key={day.key} day={day} shown={shown} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DayCell({ day, shown }: { readonly day: Day; readonly shown: Shown }) {
  const { t, i18n } = useTranslation();
  const holiday = shown.calendar.publicHolidays.includes(day.key);
  const today = day.key === keyOf(new Date());
  const [windows, freezes] = [stretchesOf('window', day, shown), stretchesOf('freeze', day, shown)];
  const long = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full' });
  const other = day.start.getMonth() !== shown.at.getMonth();
  return (
    <td className={`day${other ? ' day-other' : ''}${today ? ' day-today' : ''}`} aria-current={today ? 'date' : undefined}>
      <div className="day-head">
        <Link
          to="/calendar"
          search={(all) => ({ ...all, view: 'week', at: day.key })}
          className="day-number"
          aria-label={long.format(day.start)}
        >
          {day.start.getDate()}
        </Link>
        {holiday ? <span className="quiet">{t('calendar.holiday')}</span> : null}
      </div>
      <Strip windows={windows} freezes={freezes} />
      <ul>
        {freezes.map((freeze) => (
          <li key={`${freeze.id} ${freeze.name} ${freeze.start}`} className="freeze-mark">
            <span translate="no">{freeze.name}</span> <small>{hoursOf(freeze, i18n.language, t)}</small>
          </li>
        ))}
        {windows.map((one) => (
          <li key={`${one.id} ${one.name} ${one.start}`} className="window-mark" title={one.name}>
            {hoursOf(one, i18n.language, t)}
          </li>
        ))}
        {momentsOf(day, shown).map((moment) => (
          <li key={`${moment.train.name} ${moment.date}`}>
            <TrainMark moment={moment} />
          </li>
        ))}
      </ul>
      <InstalledLink from={day.start} to={day.end} environment={shown.environment} {...installedIn(day, shown)} />
    </td>
  );
}

/** The hours of a day from left to right; its words stand beside it. */
function Strip({ windows, freezes }: { readonly windows: readonly Stretch[]; readonly freezes: readonly Stretch[] }) {
  const segment = (kind: string, { from, to }: Stretch, index: number) => (
    <span
      key={`${kind} ${index}`}
      className={`strip-${kind}`}
      style={{ insetInlineStart: `${from * 100}%`, inlineSize: `${(to - from) * 100}%` }}
    />
  );
  return (
    <div className="strip" aria-hidden="true">
      {windows.map((one, index) => segment('window', one, index))}
      {freezes.map((one, index) => segment('freeze', one, index))}
    </div>
  );
}
