/** Windows and freezes: shown with what they would hold up before they are recorded, recorded, ended. */
import type { CalendarEntry, EntrySpec } from '../domain/calendar/entry.ts';
import { readCalendarText } from '../domain/calendar/icalendar-reader.ts';
import { nextOccurrence, type Occurrence, occurrencesIn } from '../domain/calendar/occurrence.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findEnvironment } from './find-release.ts';
import { type HoldUp, heldUpBy, nothingHeldUp } from './held-up.ts';

export type { CalendarEntry, EntrySpec };
export type Preview = {
  readonly entry: CalendarEntry;
  /** The next ones, at most five. */
  readonly occurrences: readonly Occurrence[];
} & HoldUp;
export type EntryWish = { readonly kind: CalendarEntry['kind']; readonly entry: EntrySpec };

const shown = 5;

/** Changes nothing. */
export async function previewEntry(context: Context, { kind, entry }: EntryWish): Promise<Preview> {
  for (const environment of entry.environments) findEnvironment(context, environment);
  return previewOf(context, { ...entry, kind, id: 'preview' });
}

async function previewOf(context: Context, entry: CalendarEntry): Promise<Preview> {
  const holdUp = entry.kind === 'freeze' ? await heldUpBy(context, alive(context, [entry]), []) : nothingHeldUp;
  return { entry, occurrences: nextOf(context, entry), ...holdUp };
}

/** Those that have not ended for good. */
function alive(context: Context, freezes: readonly CalendarEntry[]): readonly CalendarEntry[] {
  return freezes.filter((freeze) => nextOf(context, freeze).length > 0);
}

export async function addEntry(context: Context, who: string, wish: EntryWish): Promise<Preview> {
  const preview = await previewEntry(context, wish);
  const entry = { ...preview.entry, id: context.newId('cal') };
  const at = stamp(context.now());
  await context.store.calendar.add([entry], who, at);
  await context.store.holds.lookAgain(at);
  return { ...preview, entry };
}

/** Throws `unknown-calendar-entry`, for one of platform.yaml too. */
export async function removeEntry(context: Context, who: string, id: string): Promise<readonly CalendarEntry[]> {
  const at = stamp(context.now());
  if (!(await context.store.calendar.remove(id, who, at))) throw new BelugaError('unknown-calendar-entry', { id });
  await context.store.holds.lookAgain(at);
  return context.store.calendar.list();
}

export type ImportWish = {
  readonly calendar: string;
  readonly kind: CalendarEntry['kind'];
  readonly environments?: readonly string[] | undefined;
  readonly dryRun?: boolean | undefined;
};
export type Imported = { readonly entries: readonly CalendarEntry[]; readonly replaced: number } & HoldUp;

/** Throws `calendar-unreadable`; then nothing of it is kept. */
export async function importCalendar(context: Context, who: string, wish: ImportWish): Promise<Imported> {
  const environments = wish.environments ?? context.environments.slice(-1);
  for (const environment of environments) findEnvironment(context, environment);
  const scope = { environments, systems: null, criticality: null };
  const read = readCalendarText(wish.calendar, context.platform.calendar.timeZone, scope, wish.kind);
  if (read.state === 'unreadable') throw new BelugaError('calendar-unreadable', { problem: read.problem, remedy: read.remedy });
  const entries = read.entries.map((entry) => ({ ...entry, kind: wish.kind, id: context.newId('cal') }));
  const known = (await context.store.calendar.list()).filter(
    ({ uid, kind }) => kind === wish.kind && entries.some((one) => one.uid === uid),
  );
  const replaced = known.map(({ id }) => id);
  const holdUp = wish.kind === 'freeze' ? await heldUpBy(context, alive(context, entries), replaced) : nothingHeldUp;
  if (wish.dryRun !== true) {
    const at = stamp(context.now());
    await context.store.calendar.add(entries, who, at, replaced);
    await context.store.holds.lookAgain(at);
  }
  return { entries, replaced: known.length, ...holdUp };
}

function nextOf(context: Context, entry: CalendarEntry): readonly Occurrence[] {
  const { holidays } = context.platform.calendar;
  const now = context.now();
  const found = [...occurrencesIn(entry, holidays, now, now.add({ nanoseconds: 1 }))];
  for (let after = now; found.length < shown; ) {
    const next = nextOccurrence(entry, holidays, after);
    if (next === null) break;
    found.push(next);
    after = next.start;
  }
  return found;
}
