/**
 * The five fields of a cron expression (POSIX crontab: minute, hour, day of month, month, day of week), with lists, ranges,
 * steps and the English names of months and days.
 */
type Field = { readonly name: string; readonly min: number; readonly max: number; readonly words: readonly string[] };

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day of month', min: 1, max: 31, words: [] },
  { name: 'month', min: 1, max: 12, words: months },
  { name: 'day of week', min: 0, max: 7, words: days },
];

/** What is wrong with a cron expression, as the end of a sentence; null when it is right. */
export function cronProblem(expression: string): string | null {
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== fields.length) return `has ${parts.length === 1 && parts[0] === '' ? 0 : parts.length} fields, not five`;
  const wrong = fields.findIndex((field, index) => !(parts[index] ?? '').split(',').every((part) => fits(part, field)));
  const field = fields[wrong];
  return field === undefined
    ? null
    : `has ${JSON.stringify(parts[wrong])} as its ${field.name}, which goes from ${field.min} to ${field.max}`;
}

function fits(part: string, field: Field): boolean {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0) return false;
  if (step === undefined) return isRange(range, field);
  return /^0?[1-9]\d?$/.test(step) && (range === '*' || range.includes('-')) && isRange(range, field);
}

function isRange(range: string, field: Field): boolean {
  if (range === '*') return true;
  const ends = range.split('-').map((end) => numberOf(end, field));
  const first = ends[0] ?? NaN;
  const last = ends.at(-1) ?? NaN;
  return ends.length <= 2 && field.min <= first && first <= last && last <= field.max;
}

function numberOf(end: string, field: Field): number {
  const word = field.words.indexOf(end.toLowerCase());
  if (word >= 0) return word + field.min;
  return /^\d{1,2}$/.test(end) ? Number(end) : NaN;
}
