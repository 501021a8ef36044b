/** What the console reads: the estate now and at a former instant, and one component with its stages. */
import type { Kysely } from 'kysely';
import type { Tables } from '../tables.ts';
import { automationFacts } from './automation.ts';
import { componentPage } from './component-page.ts';
import { estateView } from './estate.ts';
import { type InstallationsQuestion, installationsByHour } from './installations.ts';
import { teamsOf } from './teams.ts';

export function consoleViews(kysely: Kysely<Tables>) {
  return {
    estate: estateView(kysely),
    /** Null when no component is called so. */
    component: (name: string, environments: readonly string[]) => componentPage(kysely, name, environments),
    automation: (of: Parameters<typeof automationFacts>[1]) => automationFacts(kysely, of),
    installations: (question: InstallationsQuestion) => installationsByHour(kysely, question),
    teams: () => teamsOf(kysely),
  };
}
export type ConsoleViews = ReturnType<typeof consoleViews>;
