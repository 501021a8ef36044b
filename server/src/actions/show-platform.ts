/** The platform as code, as it is in force: what the file says with every default, and the calendar that people added to. */
import type { Calendar } from '../domain/calendar/entry.ts';
import type { Exemption, Platform } from '../domain/platform.ts';
import type { TeamView } from '../store/views/teams.ts';
import type { Context, PlatformFile } from './context.ts';
import { readCalendar } from './gather-facts.ts';

export type ShownPlatform = {
  readonly file: PlatformFile | null;
  readonly platform: Platform;
  readonly calendar: Calendar;
  readonly teams: readonly TeamView[];
  readonly exemptions: readonly (Exemption & { readonly holds: boolean })[];
};

export async function showPlatform(context: Context): Promise<ShownPlatform> {
  const { platform, platformFile: file } = context;
  const [calendar, teams] = await Promise.all([readCalendar(context), context.store.consoleViews.teams()]);
  const today = context.now().toZonedDateTimeISO(platform.calendar.timeZone).toPlainDate();
  const exemptions = platform.policies.exemptions.map((one) => ({ ...one, holds: Temporal.PlainDate.compare(today, one.until) <= 0 }));
  return { file, platform, calendar, teams, exemptions };
}
