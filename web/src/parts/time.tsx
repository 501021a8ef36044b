/** Times in the zone of whoever looks: relative to read, absolute to know. */
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];
const formats = new Map<string, Intl.DateTimeFormat>();
const relatives = new Map<string, Intl.RelativeTimeFormat>();

function formatOf(language: string, seconds: boolean): Intl.DateTimeFormat {
  const key = `${language}${seconds}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: seconds ? 'long' : 'short' });
  formats.set(key, made);
  return made;
}

export function absolute(at: string | number, language: string): string {
  return formatOf(language, true).format(new Date(at));
}

export function dayAndTime(at: string | number, language: string): string {
  return formatOf(language, false).format(new Date(at));
}

export function relative(at: string | number, language: string, now: number): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  // "Yesterday" is short in every language, "last week" is not.
  const numeric = size > 86_400 ? 'always' : 'auto';
  let format = relatives.get(language + numeric);
  if (format === undefined) {
    format = new Intl.RelativeTimeFormat(language, { numeric, style: 'short' });
    relatives.set(language + numeric, format);
  }
  return format.format(Math.trunc(seconds / size), unit);
}

/** How long, in at most two units: `2 min 5 s`; with the decimal sign of the page's language. */
export function durationOf(ms: number): string {
  if (ms < 10_000) {
    const tenths = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    return `${tenths.format(ms / 1000)} s`;
  }
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${seconds % 60} s`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

let now = Date.now();
const told = new Set<() => void>();
let clock: ReturnType<typeof setInterval> | undefined;

/** One clock for the whole page, told once a second while somebody looks. */
function follow(tell: () => void): () => void {
  told.add(tell);
  if (clock === undefined) {
    now = Date.now();
    clock = setInterval(tick, 1_000);
  }
  return () => {
    told.delete(tell);
    if (told.size > 0) return;
    clearInterval(clock);
    clock = undefined;
  };
}

function tick(): void {
  now = Date.now();
  for (const one of told) one();
}

function timeOfDay(): number {
  return now;
}

export function useNow(): number {
  return useSyncExternalStore(follow, timeOfDay);
}

/** What is past is never shown as to come, whatever this clock says; `coming` may be either. Drawn again only when its words change. */
export function Ago({ at, coming = false }: { readonly at: string; readonly coming?: boolean }) {
  const { i18n } = useTranslation();
  const words = useSyncExternalStore(follow, () => relative(at, i18n.language, coming ? now : Math.max(now, Date.parse(at))));
  return (
    <time dateTime={at} title={absolute(at, i18n.language)}>
      {words}
    </time>
  );
}

export function At({ at }: { readonly at: string }) {
  const { i18n } = useTranslation();
  return (
    <time dateTime={at} title={absolute(at, i18n.language)}>
      {dayAndTime(at, i18n.language)}
    </time>
  );
}
