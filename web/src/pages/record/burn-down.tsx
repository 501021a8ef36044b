/** How many releases were left to move, from the day the newest version of the socle came until now. */

import type { SocleDetailView } from '@beluga/contract/socle-view-schema';
import { useTranslation } from 'react-i18next';
import { dayAndTime, useNow } from '../../parts/time.tsx';

const [width, height] = [480, 120];

export function BurnDown({ detail: { socle, users } }: { readonly detail: SocleDetailView }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const from = Date.parse(socle.recordedAt);
  const moved = users
    .filter(({ number }) => number === socle.number)
    .map(({ createdAt }) => Math.max(from, Date.parse(createdAt)))
    .toSorted((one, other) => one - other);
  const left = users.length - moved.length;
  if (users.length === 0) return null;
  const x = (at: number): string => ((width * (at - from)) / Math.max(1, now - from)).toFixed(1);
  const y = (count: number): string => ((height * (users.length - count)) / users.length).toFixed(1);
  const steps = moved.map((at, index) => `${x(at)},${y(users.length - index)} ${x(at)},${y(users.length - index - 1)}`);
  const line = [`0,0`, ...steps, `${width},${y(left)}`].join(' ');
  return (
    <figure className="burn-down">
      <figcaption>{t('campaign.left', { count: left })}</figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('campaign.said', { from: dayAndTime(from, i18n.language), all: users.length, left })}
      >
        <polygon className="chart-area" points={`0,${height} ${line} ${width},${height}`} />
        <polyline className="chart-line" points={line} vectorEffect="non-scaling-stroke" />
      </svg>
      <span className="chart-times" aria-hidden="true">
        <span>{dayAndTime(from, i18n.language)}</span>
        <span>{t('campaign.now')}</span>
      </span>
    </figure>
  );
}
