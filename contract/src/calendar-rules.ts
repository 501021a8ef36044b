/** What a window or a freeze must keep to beyond its schema. */
import { RRuleTemporal } from 'rrule-temporal';
import type { WrittenEntry } from './calendar-schema.ts';
import { type Finding, type Path, written } from './schema-findings.ts';

/** What is wrong with an entry that fits its schema; `path` is where it stands. */
export function entryProblems(entry: WrittenEntry, timeZone: string, path: Path = []): readonly Finding[] {
  const zone = zoneProblem(entry.timeZone ?? timeZone, path);
  if (zone.length > 0) return zone;
  const times = [
    ...timeProblem(entry.start, [...path, 'start']),
    ...timeProblem(entry.end, [...path, 'end']),
    ...(entry.skip ?? []).flatMap((time, index) => timeProblem(time, [...path, 'skip', index])),
  ];
  if (times.length > 0) return times;
  return [...extentProblem(entry, path), ...ruleProblem(entry, entry.timeZone ?? timeZone, path)];
}

function zoneProblem(zone: string, path: Path): readonly Finding[] {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return [];
  } catch {
    return [problem([...path, 'timeZone'], `names no time zone: ${zone}`, 'use an IANA name, such as Europe/Paris')];
  }
}

function timeProblem(text: string | undefined, path: Path): readonly Finding[] {
  try {
    if (text !== undefined) Temporal.PlainDateTime.from(text);
    return [];
  } catch {
    return [problem(path, `is no time that exists: ${text}`, 'write a local time such as 2026-12-20T18:00')];
  }
}

function extentProblem(entry: WrittenEntry, path: Path): readonly Finding[] {
  if ((entry.end === undefined) === (entry.for === undefined)) {
    return [problem(path, 'must say how long it is, once', 'write either end or for')];
  }
  if (entry.end === undefined) return [];
  const [start, end] = [Temporal.PlainDateTime.from(entry.start), Temporal.PlainDateTime.from(entry.end)];
  if (Temporal.PlainDateTime.compare(start, end) < 0) return [];
  return [problem([...path, 'end'], `is not after its start: ${entry.end}`, 'choose a later end')];
}

function ruleProblem(entry: WrittenEntry, zone: string, path: Path): readonly Finding[] {
  if (entry.rule === undefined) return [];
  try {
    const dtstart = Temporal.PlainDateTime.from(entry.start).toZonedDateTime(zone);
    const rule = new RRuleTemporal({ rruleString: entry.rule.replace(/^RRULE:/, ''), dtstart, strict: true });
    if (['HOURLY', 'MINUTELY', 'SECONDLY'].includes(rule.options().freq)) {
      return [problem([...path, 'rule'], `comes back more often than daily: ${entry.rule}`, 'use FREQ=DAILY or rarer')];
    }
    rule.next(dtstart.toInstant().toZonedDateTimeISO(zone), true);
    return [];
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
    return [problem([...path, 'rule'], `is no rule of RFC 5545: ${why}`, 'write it such as FREQ=WEEKLY;BYDAY=MO,TU,WE,TH')];
  }
}

function problem(path: Path, what: string, remedy: string): Finding {
  return { path, at: 'value', problem: `${written(path)} ${what}`, remedy };
}
