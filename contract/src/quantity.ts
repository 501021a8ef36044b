/** Durations and sizes as they are written in `beluga.yaml`, turned into numbers. The schema has checked their form. */

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const bytes: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/** Milliseconds of `500ms`, `30s`, `5m`, `1h`. */
export function millisecondsOf(duration: string): number {
  return split(duration, milliseconds);
}

/** Bytes of `256Mi`, `1G`, `1048576`. */
export function bytesOf(size: string | number): number {
  return split(String(size), bytes);
}

/** Thousandths of a CPU of `0.5`, `"2"`, `500m`. */
export function millisOf(cpu: string | number): number {
  const text = String(cpu);
  return text.endsWith('m') ? Number(text.slice(0, -1)) : Math.round(Number(text) * 1_000);
}

function split(text: string, units: Readonly<Record<string, number>>): number {
  const unit = text.replace(/^[0-9.e+]+/, '');
  return Number(text.slice(0, text.length - unit.length)) * (units[unit] ?? NaN);
}
