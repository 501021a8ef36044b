/** Windows and freezes: shown with what they would hold up before they are recorded, recorded, ended. */
import { appliesTo, type CalendarEntry, type EntrySpec } from '../domain/calendar/entry.ts';
import { readCalendarText } from '../domain/calendar/icalendar-reader.ts';
import { nextOccurrence, type Occurrence, occurrencesIn } from '../domain/calendar/occurrence.ts';
import { stageBefore } from '../domain/platform.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { HeldUp } from '../store/calendar.ts';
import type { Context } from './context.ts';
import { findEnvironment } from './find-release.ts';

export type { CalendarEntry, EntrySpec, HeldUp };
export type Preview = {
  readonly entry: CalendarEntry;
  /** The next ones, at most five. */
  readonly occurrences: readonly Occurrence[];
  /** What a freeze holds up that waits or could go on now. */
  readonly holdsUp: readonly HeldUp[];
};
export type EntryWish = { readonly kind: CalendarEntry['kind']; readonly entry: EntrySpec };

const shown = 5;

/** Changes nothing. */
export async function previewEntry(context: Context, { kind, entry }: EntryWish): Promise<Preview> {
  for (const environment of entry.environments) findEnvironment(context, environment);
  return previewOf(context, { ...entry, kind, id: 'preview' });
}

async function previewOf(context: Context, entry: CalendarEntry): Promise<Preview> {
  return { entry, occurrences: nextOf(context, entry), holdsUp: entry.kind === 'freeze' ? await heldUpBy(context, [entry]) : [] };
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
export type Imported = { readonly entries: readonly CalendarEntry[]; readonly replaced: number; readonly holdsUp: readonly HeldUp[] };

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
  const holdsUp = wish.kind === 'freeze' ? await heldUpBy(context, entries) : [];
  if (wish.dryRun !== true) {
    const replaced = known.map(({ id }) => id);
    const at = stamp(context.now());
    await context.store.calendar.add(entries, who, at, replaced);
    await context.store.holds.lookAgain(at);
  }
  return { entries, replaced: known.length, holdsUp };
}

/** What waits or could go on now, in the scope of the freezes, while one of them has not ended for good. */
async function heldUpBy(context: Context, freezes: readonly CalendarEntry[]): Promise<readonly HeldUp[]> {
  const alive = freezes.filter((freeze) => nextOf(context, freeze).length > 0);
  const environments = [...new Set(alive.flatMap((freeze) => freeze.environments))];
  const found = await Promise.all(environments.map((environment) => heldUpIn(context, environment)));
  return found.flat().flatMap(({ system, criticality, ...held }) => {
    return alive.some((freeze) => appliesTo(freeze, { environment: held.environment, system, criticality })) ? [held] : [];
  });
}

function heldUpIn(context: Context, environment: string) {
  const before = stageBefore(context.platform.environments, environment);
  return context.store.calendar.onTheWay(environment, before?.name ?? null);
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
