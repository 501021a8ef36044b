/** Days that are data: the public holidays of France (Code du travail, L3133-1 and L3134-13) and the ends of accounting periods. */
import type { DaySet, Holidays } from './entry.ts';

const fixed = ['01-01', '05-01', '05-08', '07-14', '08-15', '11-01', '11-11', '12-25'];
/** Easter Monday, Ascension Day, Whit Monday: days after Easter Sunday. */
const movable = [1, 39, 50];

export function isIn(set: DaySet, day: Temporal.PlainDate, whose: Holidays): boolean {
  return tests[set](day, whose);
}

const tests: Readonly<Record<DaySet, (day: Temporal.PlainDate, whose: Holidays) => boolean>> = {
  holidays: (day, whose) => holidaysOf(day.year, whose).has(day.toString()),
  weekends: (day) => day.dayOfWeek > 5,
  'month-end': isMonthEnd,
  'quarter-end': (day) => isMonthEnd(day) && day.month % 3 === 0,
  'year-end': (day) => day.month === 12 && day.day === 31,
};

function isMonthEnd(day: Temporal.PlainDate): boolean {
  return day.day === day.daysInMonth;
}

const known = new Map<string, ReadonlySet<string>>();

/** The public holidays of a year, as ISO dates. In Alsace and Moselle also Good Friday and the second day of Christmas. */
export function holidaysOf(year: number, whose: Holidays): ReadonlySet<string> {
  const key = `${year}/${whose}`;
  const found = known.get(key) ?? new Set(whose === 'none' ? [] : computed(year, whose === 'alsace-moselle'));
  known.set(key, found);
  return found;
}

function computed(year: number, alsace: boolean): readonly string[] {
  const easter = easterOf(year);
  const fixedDays = alsace ? [...fixed, '12-26'] : fixed;
  const movableDays = alsace ? [-2, ...movable] : movable;
  const padded = String(year).padStart(4, '0');
  return [...fixedDays.map((day) => `${padded}-${day}`), ...movableDays.map((days) => easter.add({ days }).toString())];
}

/** Easter Sunday in the Gregorian calendar (the computation of Meeus, Jones and Butcher). */
function easterOf(year: number): Temporal.PlainDate {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(inCentury / 4) - epact - (inCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const days = epact + weekday - 7 * late + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(days / 31), day: (days % 31) + 1 });
}
