/** Windows and freezes that people recorded beside those of platform.yaml. */
import type { Kysely } from 'kysely';
import type { CalendarEntry } from '../domain/calendar/entry.ts';
import { waitingIn } from '../domain/gates/hold.ts';
import type { Verdict } from '../domain/gates/verdict.ts';
import type { Criticality } from '../domain/release.ts';
import { recorded } from './journal.ts';
import type { Tables } from './tables.ts';

/** What is on its way to an environment. */
export type OnTheWay = {
  readonly component: string;
  readonly version: string;
  readonly environment: string;
  /** `waiting`: asked for; `ready`: verified in the stage before and never installed here. */
  readonly state: 'waiting' | 'ready';
  readonly deployment: string | null;
  /** RFC 3339: when time alone will have opened what else it waits for; null: at once, or nobody knows. */
  readonly notBefore: string | null;
  readonly system: string;
  readonly criticality: Criticality;
};
type ScopeOf = { readonly component: string; readonly system: string; readonly criticality: Criticality };

export function calendarStore(kysely: Kysely<Tables>) {
  return {
    /** Records them together, in the place of those that are replaced: all or none. */
    add: (entries: readonly CalendarEntry[], who: string, at: string, replaced: readonly string[] = []): Promise<void> =>
      add(kysely, entries, who, at, replaced),
    /** False when there is none by that identifier any more. */
    remove: (id: string, who: string, at: string): Promise<boolean> => remove(kysely, id, who, at),
    async list(): Promise<readonly CalendarEntry[]> {
      const kept = kysely.selectFrom('calendar_entry').selectAll().where('removed_at', 'is', null);
      const rows = await kept.orderBy('created_at').orderBy('id').execute();
      return rows.map(({ id, kind, body }) => ({ ...body, id, kind }));
    },
    /** What waits to come into an environment, and what is verified in the one before and never came. */
    onTheWay: (environment: string, before: string | null): Promise<readonly OnTheWay[]> => onTheWay(kysely, environment, before),
    /** What entries look at of these components. */
    async scopesOf(components: readonly string[]): Promise<readonly ScopeOf[]> {
      if (components.length === 0) return [];
      const columns = ['name as component', 'system', 'criticality'] as const;
      const rows = kysely.selectFrom('component').select(columns);
      return (await rows.where('name', 'in', [...components]).execute()).map((row) => ({
        ...row,
        criticality: row.criticality as Criticality,
      }));
    },
  };
}
export type CalendarStore = ReturnType<typeof calendarStore>;

function add(
  kysely: Kysely<Tables>,
  entries: readonly CalendarEntry[],
  who: string,
  at: string,
  replaced: readonly string[],
): Promise<void> {
  return recorded(kysely, async (transaction) => {
    if (replaced.length > 0) {
      const gone = transaction.updateTable('calendar_entry').set({ removed_by: who, removed_at: at });
      await gone
        .where('id', 'in', [...replaced])
        .where('removed_at', 'is', null)
        .execute();
    }
    const rows = entries.map(({ id, kind, ...body }) => ({
      ...{ id, kind, body: JSON.stringify(body) },
      ...{ created_by: who, created_at: at, removed_by: null, removed_at: null },
    }));
    if (rows.length > 0) await transaction.insertInto('calendar_entry').values(rows).execute();
    const added = entries.map(({ id, kind, ...detail }) => ({
      at,
      who,
      what: `calendar.${kind}-added`,
      subject: `calendar/${id}`,
      detail,
    }));
    return { result: undefined, entries: added };
  });
}

function remove(kysely: Kysely<Tables>, id: string, who: string, at: string): Promise<boolean> {
  return recorded(kysely, async (transaction) => {
    const removed = await transaction
      .updateTable('calendar_entry')
      .set({ removed_by: who, removed_at: at })
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .returning(['kind', 'body'])
      .executeTakeFirst();
    if (removed === undefined) return { result: false, entries: [] };
    const { kind, body } = removed;
    const detail = { name: body.name };
    return { result: true, entries: [{ at, who, what: `calendar.${kind}-removed`, subject: `calendar/${id}`, detail }] };
  });
}

async function onTheWay(kysely: Kysely<Tables>, environment: string, before: string | null): Promise<readonly OnTheWay[]> {
  const waiting = await kysely
    .selectFrom('deployment')
    .innerJoin('component', 'component.name', 'deployment.component')
    .select([
      'deployment.id',
      'deployment.component',
      'deployment.version',
      'deployment.verdicts',
      'component.system',
      'component.criticality',
    ])
    .where('deployment.environment', '=', environment)
    .where('deployment.state', '=', 'waiting')
    .where('deployment.purpose', '=', 'deploy')
    .orderBy('deployment.component')
    .execute();
  const ready = before === null ? [] : await readyFor(kysely, environment, before);
  const asked = new Set(waiting.map(({ component }) => component));
  const all = [
    ...waiting.map(({ id, verdicts, ...row }) => {
      return { ...row, environment, state: 'waiting' as const, deployment: id, notBefore: notBeforeOf(verdicts) };
    }),
    ...ready
      .filter(({ component }) => !asked.has(component))
      .map((row) => ({ ...row, environment, state: 'ready' as const, deployment: null, notBefore: null })),
  ];
  return all.map((row) => ({ ...row, criticality: row.criticality as Criticality }));
}

function notBeforeOf(verdicts: readonly Verdict[]): string | null {
  return waitingIn(verdicts.filter(({ gate }) => gate !== 'calendar')).opensAt;
}

/** Of each component the release that was verified last in `before`, unless it was installed in the environment already. */
function readyFor(kysely: Kysely<Tables>, environment: string, before: string) {
  const newest = kysely
    .selectFrom('verification')
    .innerJoin('release', 'release.digest', 'verification.release_digest')
    .distinctOn('release.component')
    .select(['release.component', 'release.version', 'release.digest'])
    .where('verification.environment', '=', before)
    .where('verification.revoked_at', 'is', null)
    .orderBy('release.component')
    .orderBy('verification.verified_at', 'desc')
    .as('newest');
  return kysely
    .selectFrom(newest)
    .innerJoin('component', 'component.name', 'newest.component')
    .select(['newest.component', 'newest.version', 'component.system', 'component.criticality'])
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('verification as installed')
            .select('installed.release_digest')
            .whereRef('installed.release_digest', '=', 'newest.digest')
            .where('installed.environment', '=', environment),
        ),
      ),
    )
    .orderBy('newest.component')
    .execute();
}
