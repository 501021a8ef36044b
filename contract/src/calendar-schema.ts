/**
 * Windows and freezes as people write them: in `platform.yaml` and in requests.
 *
 * Times are those of the wall clock in `timeZone`; `rule` is a recurrence rule of RFC 5545 (section 3.3.10) that begins at `start`.
 */
import { type Static, Type } from 'typebox';
import { oneOf, strict } from './schema-words.ts';

export const criticalities = ['low', 'medium', 'high', 'critical'] as const;
export const daySets = ['holidays', 'weekends', 'month-end', 'quarter-end', 'year-end'] as const;

const LocalTime = (description: string) =>
  Type.String({
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$',
    patternErrorMessage: 'write a local time such as 2026-12-20T18:00, or a day such as 2026-12-20',
    description,
  });
const Label = (example: string) =>
  Type.String({
    pattern: '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$',
    patternErrorMessage: `use lower-case letters, digits and hyphens, at most 40, starting with a letter, such as ${example}`,
  });

export const TimeZone = Type.String({ minLength: 1, description: 'An IANA time zone.', default: 'Europe/Paris' });

const properties = {
  name: Type.String({
    pattern: '^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$',
    patternErrorMessage: 'use lower-case letters, digits and hyphens, at most 60, such as year-end-2026',
    description: 'What it is called.',
  }),
  reason: Type.Optional(Type.String({ minLength: 1, description: 'Why, in a sentence for whoever is held up by it.' })),
  environments: Type.Optional(
    Type.Array(Label('prod'), { minItems: 1, uniqueItems: true, description: 'Where. Default: the last environment.' }),
  ),
  systems: Type.Optional(
    Type.Array(Label('contrats'), { minItems: 1, uniqueItems: true, description: 'Application systems. Default: all.' }),
  ),
  criticality: Type.Optional(
    Type.Array(oneOf(criticalities), { minItems: 1, uniqueItems: true, description: 'Criticalities of components. Default: all.' }),
  ),
  start: LocalTime('When it begins for the first time, on the wall clock.'),
  end: Type.Optional(LocalTime('When the first one ends, on the wall clock. Either this or `for`.')),
  for: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,4}(m|h|d|w)$',
      patternErrorMessage: 'write a whole number with its unit, such as 30m, 8h, 15d or 2w',
      description: 'How long each one is, on the wall clock.',
    }),
  ),
  rule: Type.Optional(
    Type.String({
      pattern: '^(RRULE:)?FREQ=[A-Z]+(;[A-Z]+=[^;\\s]+)*$',
      patternErrorMessage: 'write a rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=MO,TU,WE,TH',
      description: 'How it comes back (RFC 5545). Default: once, or daily with `on`.',
    }),
  ),
  on: Type.Optional(Type.Array(oneOf(daySets), { minItems: 1, uniqueItems: true, description: 'Only when it begins on such a day.' })),
  except: Type.Optional(Type.Array(oneOf(daySets), { minItems: 1, uniqueItems: true, description: 'Not when it begins on such a day.' })),
  skip: Type.Optional(
    Type.Array(LocalTime('As `start`.'), {
      uniqueItems: true,
      description: 'Times at which it would begin and does not, or whole days (EXDATE).',
    }),
  ),
  timeZone: Type.Optional(TimeZone),
} as const;

/** A window or a freeze as written. */
export const CalendarEntrySchema = Type.Object(properties, strict);
export type WrittenEntry = Static<typeof CalendarEntrySchema>;

export const CalendarSchema = Type.Object(
  {
    timeZone: Type.Optional(TimeZone),
    holidays: Type.Optional(
      oneOf(['france', 'alsace-moselle', 'none'] as const, { description: 'Whose public holidays count.', default: 'france' }),
    ),
    windows: Type.Optional(
      Type.Array(CalendarEntrySchema, { description: 'When installations may start. Where no window applies they may at any time.' }),
    ),
    freezes: Type.Optional(Type.Array(CalendarEntrySchema, { description: 'When they may not.' })),
  },
  { ...strict, description: 'When installations may start.' },
);
