/** How a figure went: one bar for each part of the period, drawn by hand; the numbers are there for whoever listens. */

import type { MeasuresView } from '@beluga/contract/measure-schema';
import { useTranslation } from 'react-i18next';
import { valueOf } from './figure.ts';

type Figure = MeasuresView['figures'][number];
type Props = Pick<Figure, 'name' | 'unit'> & { readonly slices: MeasuresView['slices'] };
const [width, height] = [240, 56];

export function Trend({ name, unit, slices }: Props) {
  const { t, i18n } = useTranslation();
  const day = new Intl.DateTimeFormat(i18n.language, { day: 'numeric', month: 'short' });
  const bars = slices.map(({ from, to, figures }) => ({ from, to, value: figures.find((one) => one.name === name)?.value ?? null }));
  const known = bars.flatMap(({ value }) => (value === null ? [] : [value]));
  if (known.length < 2) return null;
  const most = Math.max(...known, unit === 'share' ? 0.01 : 0);
  const step = width / bars.length;
  const words = bars.map(({ from, value }) => `${day.format(new Date(from))}: ${valueOf(value, unit, i18n.language, t)}`).join(', ');
  return (
    <svg
      className="trend"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={t('measures.trend', { words })}
    >
      {bars.map(({ from, value }, index) => {
        const tall = value === null || most === 0 ? 0 : Math.max(value === 0 ? 1 : 2, ((height - 2) * value) / most);
        return (
          <g key={from}>
            <title>{`${day.format(new Date(from))}: ${valueOf(value, unit, i18n.language, t)}`}</title>
            <rect className="trend-room" x={index * step + 1} y={0} width={step - 2} height={height} />
            <rect className="trend-bar" x={index * step + 1} y={height - tall} width={step - 2} height={tall} />
          </g>
        );
      })}
    </svg>
  );
}
