/** What goes into the operations of the calendar and comes out of them. */
import { type Static, Type } from 'typebox';
import { EnvironmentName } from './api-schema.ts';
import { CalendarEntrySchema, criticalities, daySets } from './calendar-schema.ts';
import { Nullable, strictly, Time } from './schema-words.ts';

const Kind = Type.Enum(['window', 'freeze']);

export const EntryRequestSchema = strictly({ kind: Kind, entry: CalendarEntrySchema });

export const EntrySchema = strictly({
  id: Type.String({ description: 'platform: it stands in platform.yaml.' }),
  kind: Kind,
  name: Type.String(),
  reason: Nullable(Type.String()),
  environments: Type.Array(Type.String()),
  systems: Nullable(Type.Array(Type.String())),
  criticality: Nullable(Type.Array(Type.Enum([...criticalities]))),
  start: Type.String({ description: 'Of the first one, on the wall clock.' }),
  end: Type.String(),
  rule: Nullable(Type.String()),
  on: Type.Array(Type.Enum([...daySets])),
  except: Type.Array(Type.Enum([...daySets])),
  skip: Type.Array(Type.String()),
  timeZone: Type.String(),
});
export type EntryView = Static<typeof EntrySchema>;

export const OccurrenceSchema = strictly({ id: Type.String(), kind: Kind, name: Type.String(), start: Time, end: Time });
export const CalendarViewSchema = strictly({
  timeZone: Type.String(),
  holidays: Type.Enum(['france', 'alsace-moselle', 'none']),
  entries: Type.Array(EntrySchema),
  occurrences: Type.Array(OccurrenceSchema, { description: 'In their order.' }),
  publicHolidays: Type.Array(Type.String({ description: 'A day that counts as one, within the time asked about.' })),
});
export type CalendarView = Static<typeof CalendarViewSchema>;

export const CalendarQuerySchema = strictly({
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Default: now.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Default: 30 days later; at most 400 days.' })),
  environment: Type.Optional(EnvironmentName),
});

const shift = {
  startsAt: Nullable({
    ...Time,
    description: 'When it may start by the calendar as it is, once time has opened its other gates; null: not within three years.',
  }),
  movesTo: Nullable({ ...Time, description: 'When it may with this in the calendar; the same where it may start before that begins.' }),
};

export const HeldUpSchema = strictly({
  component: Type.String(),
  version: Type.String(),
  environment: Type.String(),
  state: Type.Enum(['waiting', 'ready'], {
    description: 'waiting: asked for; ready: verified in the stage before and not installed here.',
  }),
  deployment: Nullable(Type.String()),
  ...shift,
});
const HeldTrainSchema = strictly({
  train: Type.String(),
  kind: Type.Enum(['rehearsal', 'departure']),
  environment: Type.String(),
  ...shift,
});
export const PreviewSchema = strictly({
  entry: EntrySchema,
  occurrences: Type.Array(strictly({ start: Time, end: Time }), { description: 'The next ones, at most five.' }),
  holdsUp: Type.Array(HeldUpSchema),
  trains: Type.Array(HeldTrainSchema, { description: 'The moves of trains that it puts off.' }),
});
export type PreviewView = Static<typeof PreviewSchema>;

export const ImportRequestSchema = strictly({
  calendar: Type.String({ minLength: 1, maxLength: 900_000, description: 'iCalendar (RFC 5545).' }),
  kind: Kind,
  environments: Type.Optional(Type.Array(EnvironmentName, { minItems: 1, description: 'Default: the last environment.' })),
  dryRun: Type.Optional(Type.Boolean({ description: 'Says what would be read and changes nothing.' })),
});
export const ImportSchema = strictly({
  entries: Type.Array(EntrySchema),
  replaced: Type.Integer({ description: 'How many that were read before are replaced.' }),
  holdsUp: Type.Array(HeldUpSchema),
  trains: Type.Array(HeldTrainSchema),
});
