/** One chart: a line with its area, gaps where nothing was measured, deployments as upright lines; drawn by hand. */
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import type { PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { type ChartName, type Points, topOf, valueOf } from './chart-points.ts';

/** A deployment; `good` when it brought what was asked for. */
export type Mark = { readonly id: string; readonly at: number; readonly good: boolean };
type Props = {
  readonly name: ChartName;
  readonly points: Points;
  readonly marks: readonly Mark[];
  /** The moment that is looked at; null for the latest. */
  readonly chosen: number | null;
  readonly choose: (index: number | null) => void;
};
const [width, height] = [480, 120];

export function Chart({ name, points, marks, chosen, choose }: Props) {
  const { t, i18n } = useTranslation();
  const top = topOf(name, points);
  const said = (value: number | null): string => (value === null ? '–' : valueOf(name, value, i18n.language));
  const shown = points.points[chosen ?? points.points.length - 1];
  const known = points.points.flatMap(({ value }) => (value === null ? [] : [value]));
  const words = { least: said(known.length === 0 ? null : Math.min(...known)), most: said(known.length === 0 ? null : Math.max(...known)) };
  const point = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    choose(nearest(points, points.from + ((event.clientX - box.left) / box.width) * (points.to - points.from)));
  };
  return (
    <Card isCompact isFullHeight>
      <CardTitle component="h2">
        <span className="chart-title">
          <span>{t(`chart.${name}`)}</span>
          <strong>{said(shown?.value ?? null)}</strong>
        </span>
      </CardTitle>
      <CardBody>
        <div className="chart">
          <span className="chart-top" aria-hidden="true">
            {said(top)}
          </span>
          <svg
            viewBox={`0 0 ${width} ${height}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={t('activity.said', { name: t(`chart.${name}`), now: said(points.points.at(-1)?.value ?? null), ...words })}
            onPointerMove={point}
            onPointerLeave={() => choose(null)}
          >
            <Drawing name={name} points={points} top={top} />
            <Marks points={points} marks={marks} />
            {chosen === null || shown === undefined ? null : <Upright className="chart-chosen" x={xOf(points, shown.at)} />}
          </svg>
          <Times points={points} />
        </div>
      </CardBody>
    </Card>
  );
}

function xOf({ from, to }: Points, at: number): number {
  return (width * (at - from)) / Math.max(1, to - from);
}

function nearest({ points }: Points, at: number): number {
  const after = points.findIndex((point) => point.at >= at);
  if (after <= 0) return after < 0 ? points.length - 1 : 0;
  const [left, right] = [points[after - 1], points[after]];
  return left !== undefined && right !== undefined && at - left.at < right.at - at ? after - 1 : after;
}

/** Runs of points that follow each other; instances go up and down in steps. */
function Drawing({ name, points, top }: { readonly name: ChartName; readonly points: Points; readonly top: number }) {
  const y = (value: number): number => height - (height * value) / top;
  return (
    <g className={`chart-${name}`}>
      {runsOf(points).map((run) => {
        const corners = run.map(({ at, value }, index) => {
          const x = xOf(points, at).toFixed(1);
          const before = run[index - 1];
          const step = name === 'instances' && before !== undefined ? `${x},${y(before.value).toFixed(1)} ` : '';
          return `${step}${x},${y(value).toFixed(1)}`;
        });
        const [first, last] = [run[0], run.at(-1)];
        if (first === undefined || last === undefined) return null;
        const area = `${xOf(points, first.at)},${height} ${corners.join(' ')} ${xOf(points, last.at)},${height}`;
        return (
          <g key={first.at}>
            <polygon className="chart-area" points={area} />
            <polyline className="chart-line" points={corners.join(' ')} vectorEffect="non-scaling-stroke" />
          </g>
        );
      })}
    </g>
  );
}

type Known = { readonly at: number; readonly value: number };

function runsOf({ points, stepMs }: Points): readonly (readonly Known[])[] {
  const runs: Known[][] = [];
  for (const { at, value } of points) {
    const last = runs.at(-1)?.at(-1);
    if (value === null) continue;
    if (last !== undefined && at - last.at <= 2.5 * stepMs) runs.at(-1)?.push({ at, value });
    else runs.push([{ at, value }]);
  }
  return runs;
}

function Marks({ points, marks }: Pick<Props, 'points' | 'marks'>) {
  return marks
    .filter(({ at }) => at >= points.from && at <= points.to)
    .map(({ id, at, good }) => <Upright key={id} className={good ? 'chart-mark' : 'chart-mark chart-mark-bad'} x={xOf(points, at)} />);
}

function Upright({ className, x }: { readonly className: string; readonly x: number }) {
  return <line className={className} x1={x} x2={x} y1={0} y2={height} vectorEffect="non-scaling-stroke" />;
}

/** Where the time begins and ends; days where it takes more than one. */
function Times({ points: { from, to } }: { readonly points: Points }) {
  const { i18n } = useTranslation();
  const days = to - from > 86_400_000;
  const format = new Intl.DateTimeFormat(i18n.language, days ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' });
  return (
    <span className="chart-times" aria-hidden="true">
      {[from, (from + to) / 2, to].map((at) => (
        <span key={at}>{format.format(at)}</span>
      ))}
    </span>
  );
}
