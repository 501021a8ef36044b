import type { PlatformView } from '@beluga/contract';
import { type ShownPlatform, showPlatform } from '../actions/show-platform.ts';
import { presentEntry } from './calendar.ts';
import type { Router } from './route.ts';

export function platformRoutes(route: Router): void {
  route.serve('showPlatform', { act: ({ context }) => showPlatform(context), present: presentPlatform });
}

/** Secrets stand in the platform by the name of their variable; that is all that is known of them here. */
function presentPlatform({ file, platform, calendar, teams, exemptions }: ShownPlatform): PlatformView {
  const { environments, channels, itsm, policies } = platform;
  return {
    file,
    environments: environments.map((one) => ({ ...one, gates: { ...one.gates, evidence: [...one.gates.evidence] } })),
    calendar: { timeZone: calendar.timeZone, holidays: calendar.holidays, entries: calendar.entries.map(presentEntry) },
    teams: teams.map((team) => ({ ...team, systems: [...team.systems] })),
    itsm,
    channels: channels.map((one) => ({ ...one, to: [...one.to], systems: one.systems === null ? null : [...one.systems] })),
    policies: {
      exemptions: exemptions.map((one) => ({ ...one, components: one.components === null ? null : [...one.components] })),
      socles: policies.socles.map((one) => ({ ...one })),
      readiness: [...policies.readiness],
    },
  };
}
