/**
 * A local time, to the minute, as people write it in the language of the console; the browser's own field follows the browser's language.
 * French: day/month/year. English: year-month-day (ISO 8601), since its readers disagree about which of 3/4 is the month; read in both.
 */
import type { Language } from '../preferences.ts';

const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:T|\s+)(\d{1,2})(?::|h)(\d{2})?)?$/i;
const french = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:\s+(?:à\s+)?(\d{1,2})(?::|h)(\d{2})?)?$/i;

/** `2026-11-27T08:00` in the form of the language; nothing stays nothing. */
export function writtenMoment(local: string, language: Language): string {
  const found = iso.exec(local);
  if (found === null) return '';
  const [, year = '', month = '', day = '', hour = '00', minute = '00'] = found;
  const date = language === 'fr' ? `${day}/${month}/${year}` : `${year}-${month}-${day}`;
  return `${date} ${hour}:${minute}`;
}

/** `2026-11-27T08:00`; null for what is no time. Without an hour the day begins. */
export function readMoment(text: string, language: Language): string | null {
  const trimmed = text.trim();
  const [, year, month, day, ...time] = iso.exec(trimmed) ?? turned(language === 'fr' ? french.exec(trimmed) : null);
  if (year === undefined || month === undefined || day === undefined) return null;
  const [hour = '0', minute = '0'] = time;
  const local = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
  const date = new Date(`${local}:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 16) !== local ? null : local;
}

function turned(found: RegExpExecArray | null): readonly (string | undefined)[] {
  if (found === null) return [];
  const [all, day, month, year, ...time] = found;
  return [all, year, month, day, ...time];
}

function two(digits: string): string {
  return digits.padStart(2, '0');
}
