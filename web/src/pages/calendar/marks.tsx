/** What stands in a day, as words and signs that month and week share. */

import type { TrainView } from '@beluga/contract/train-schema';
import { Label } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { trainDates } from '../../parts/train-dates.ts';
import { type Day, isWithin, partOf } from './days.ts';
import type { Shown } from './shown.ts';

type Moment = { readonly train: TrainView; readonly date: (typeof trainDates)[number]; readonly at: string };
export type Stretch = Shown['calendar']['occurrences'][number] & { readonly from: number; readonly to: number };

/** The windows or the freezes of a day, with the part of it that they take. */
export function stretchesOf(kind: 'window' | 'freeze', day: Day, { calendar }: Shown): readonly Stretch[] {
  return calendar.occurrences
    .filter((one) => one.kind === kind)
    .flatMap((one) => {
      const part = partOf(day, one);
      return part === null ? [] : [{ ...one, ...part }];
    });
}

export function momentsOf(day: Day, { trains }: Shown): readonly Moment[] {
  return trains
    .filter(({ state }) => state !== 'cancelled')
    .flatMap((train) => trainDates.filter((date) => isWithin(day, train[date])).map((date) => ({ train, date, at: train[date] })));
}

export function TrainMark({ moment: { train, date } }: { readonly moment: Moment }) {
  const { t } = useTranslation();
  return (
    <Link to="/trains/$train" params={{ train: train.name }} className="train-mark">
      {t(`trainDate.marks.${date}`, { train: train.name })}
    </Link>
  );
}

/** The part of the day that it takes, such as 09:00–17:00. */
export function hoursOf({ start, end, from, to }: Stretch, language: string, t: TFunction): string {
  const format = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
  if (from === 0 && to === 1) return t('calendar.wholeDay');
  if (from === 0) return t('calendar.until', { time: format.format(new Date(end)) });
  return to === 1 ? t('calendar.since', { time: format.format(new Date(start)) }) : format.formatRange(new Date(start), new Date(end));
}

export function installedIn(day: Day, { installed }: Shown): { readonly count: number; readonly failed: number } {
  const inside = installed.filter(({ hour }) => isWithin(day, hour));
  return { count: sum(inside.map(({ count }) => count)), failed: sum(inside.map(({ failed }) => failed)) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

type InstalledProps = {
  readonly from: Date;
  readonly to: Date;
  readonly environment: string;
  readonly count: number;
  readonly failed: number;
};

/** How many installations, and how many did not end well; opens them. */
export function InstalledLink({ from, to, environment, count, failed }: InstalledProps) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <span className="installed">
      <Link to="/deployments" search={{ environment, from: from.toISOString(), to: to.toISOString() }}>
        {t('calendar.installed', { count })}
      </Link>
      {failed === 0 ? null : (
        <Label isCompact color="red">
          {t('calendar.notWell', { count: failed })}
        </Label>
      )}
    </span>
  );
}
