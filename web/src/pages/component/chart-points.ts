/** The points of each chart from the samples, and how their values are said. */

import type { SamplesView, SampleView } from '@beluga/contract/sample-schema';
import { bytesOf } from '../../parts/bytes.ts';

export const chartNames = ['traffic', 'errors', 'latency', 'cpu', 'memory', 'instances'] as const;
export type ChartName = (typeof chartNames)[number];
/** A value is null where nothing was measured; a chart has a gap there. */
export type Points = {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly points: readonly { readonly at: number; readonly value: number | null }[];
};

const values: Readonly<Record<ChartName, (sample: SampleView) => number | null>> = {
  traffic: ({ requestsPerSecond }) => requestsPerSecond,
  errors: ({ failedPerSecond }) => failedPerSecond,
  latency: ({ latencyMs }) => latencyMs,
  cpu: ({ cpuMillis }) => (cpuMillis === null ? null : cpuMillis / 1000),
  memory: ({ memoryBytes }) => memoryBytes,
  instances: ({ serving }) => serving,
};

export function pointsOf(name: ChartName, { from, to, stepSeconds, items }: SamplesView): Points {
  const points = items.map((sample) => ({ at: Date.parse(sample.at), value: values[name](sample) }));
  return { from: Date.parse(from), to: Date.parse(to), stepMs: stepSeconds * 1000, points };
}

/** A value without its unit where the title of the chart says it: requests a second, milliseconds, cores, instances. */
export function valueOf(name: ChartName, value: number, language: string): string {
  if (name === 'memory') return bytesOf(value, language);
  const digits = name === 'instances' ? 0 : value < 1 ? 2 : value < 10 ? 1 : 0;
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** The top of a chart: a round number that nothing exceeds; never so low that noise looks like a mountain. */
export function topOf(name: ChartName, { points }: Points): number {
  const most = Math.max(floors[name], ...points.map(({ value }) => value ?? 0));
  if (name === 'instances') return most + 1;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * (steps.find((step) => step * power >= most) ?? 10);
}

const steps = [1, 2, 2.5, 5, 10] as const;
const floors: Readonly<Record<ChartName, number>> = { traffic: 1, errors: 1, latency: 10, cpu: 0.1, memory: 10_000_000, instances: 2 };
