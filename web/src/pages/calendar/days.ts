/** The days that a calendar shows, and how much of each something takes; all in the zone of whoever looks. */
export const calendarViews = ['month', 'week'] as const;
export type CalendarViewName = (typeof calendarViews)[number];
/** `key` is the local date, such as 2026-12-24; days are 23 or 25 hours long where clocks change. */
export type Day = { readonly key: string; readonly start: Date; readonly end: Date };

/** The local date as it is written in an address. */
export function keyOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The day of an address; today for what is none. */
export function dayOf(key: string | undefined, now: Date): Date {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(key ?? '') ?? [];
  const date = year === undefined ? now : new Date(Number(year), Number(month) - 1, Number(day));
  return Number.isNaN(date.getTime()) ? now : date;
}

/** Whole weeks from a Monday on: one, or those that the month touches. */
export function daysOf(view: CalendarViewName, at: Date): readonly Day[] {
  const [year, month] = [at.getFullYear(), at.getMonth()];
  const first = view === 'week' ? at : new Date(year, month, 1);
  const before = (first.getDay() + 6) % 7;
  const inMonth = new Date(year, month + 1, 0).getDate();
  const count = view === 'week' ? 7 : Math.ceil((before + inMonth) / 7) * 7;
  const dayAt = (index: number): Date => new Date(first.getFullYear(), first.getMonth(), first.getDate() - before + index);
  return Array.from({ length: count }, (_, index) => ({ key: keyOf(dayAt(index)), start: dayAt(index), end: dayAt(index + 1) }));
}

/** The same view, so many months or weeks later. */
export function movedBy(view: CalendarViewName, at: Date, by: number): Date {
  return view === 'week'
    ? new Date(at.getFullYear(), at.getMonth(), at.getDate() + 7 * by)
    : new Date(at.getFullYear(), at.getMonth() + by, 1);
}

/** The part of a day that something takes, as shares of it; null when it takes none. */
export function partOf(
  day: Day,
  { start, end }: { readonly start: string; readonly end: string },
): { readonly from: number; readonly to: number } | null {
  const share = (at: string): number =>
    Math.min(1, Math.max(0, (Date.parse(at) - day.start.getTime()) / (day.end.getTime() - day.start.getTime())));
  const [from, to] = [share(start), share(end)];
  return to > from ? { from, to } : null;
}

export function isWithin(day: Day, at: string): boolean {
  return Date.parse(at) >= day.start.getTime() && Date.parse(at) < day.end.getTime();
}
