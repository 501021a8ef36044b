/** `beluga platform show`: what platform.yaml says, as it is in force. */
import type { PlatformView } from '@beluga/contract/platform-view-schema';
import type { Command } from 'commander';
import { whenCalled } from '../command.ts';
import { plainText } from '../output/text.ts';
import { connect } from '../platform/home.ts';

type Gates = PlatformView['environments'][number]['gates'];

export function define(command: Command): void {
  whenCalled(command, async (io) => {
    const { client } = await connect(io.env);
    const platform = await client.showPlatform();
    io.show(platform, () => wordsOf(platform));
    return 0;
  });
}

function wordsOf({ file, environments, calendar, teams, itsm, channels, policies }: PlatformView): string {
  const sections = [
    { title: 'Environments', lines: environments.map(({ name, gates }) => `${name.padEnd(10)} ${gatesOf(gates)}`) },
    {
      title: `Calendar (${calendar.timeZone}, holidays: ${calendar.holidays})`,
      lines: calendar.entries.map(({ kind, name, id, environments: where }) => `${kind} ${name} in ${where.join(', ')} (${id})`),
    },
    { title: 'Teams', lines: teams.map(({ name, systems, components }) => `${name}: ${components} components of ${systems.join(', ')}`) },
    { title: 'ITSM tool', lines: itsm === null ? [] : [`${itsm.kind} ${itsm.url}`] },
    {
      title: 'Channels',
      lines: channels.map(
        ({ name, kind, url, systems }) => `${name}: ${kind}, ${url}${systems === null ? '' : `, of ${systems.join(', ')}`}`,
      ),
    },
    {
      title: 'Exemptions',
      lines: policies.exemptions.map(
        ({ vulnerability, components, until, reason, holds }) =>
          `${vulnerability} for ${components?.join(', ') ?? 'all components'} until ${until}${holds ? '' : ' (over)'}: ${reason}`,
      ),
    },
    { title: 'Socles', lines: policies.socles.map(({ name, supportedUntil }) => `${name} is supported until ${supportedUntil}`) },
    { title: 'Readiness file', lines: policies.readiness },
  ];
  const head = file === null ? 'There is no platform.yaml: the defaults hold.' : `${file.path}, ${file.digest}`;
  return [
    head,
    ...sections.flatMap(({ title, lines }) => ['', title, ...(lines.length === 0 ? ['  none'] : lines.map((line) => `  ${line}`))]),
  ]
    .map(plainText)
    .join('\n');
}

/** What an environment asks for beside the order of the stages. */
function gatesOf(gates: Gates): string {
  const { soak, evidence, vulnerabilities, approvals, capacity, zeroDowntime } = gates;
  const borne = Object.entries(vulnerabilities ?? {}).flatMap(([severity, most]) => (most === null ? [] : [`${severity} <= ${most}`]));
  const asked = [
    soak === null ? null : `soak (${soak.forMs / 60_000} min, ${soak.requests} requests or ${soak.jobRuns} runs)`,
    evidence.length === 0 ? null : `evidence (${evidence.join(', ')})`,
    borne.length === 0 ? null : `vulnerabilities (${borne.join(', ')})`,
    approvals === 0 ? null : `approvals (${approvals})`,
    capacity === null ? null : 'capacity',
    zeroDowntime === 'never' ? null : `zero-downtime (from ${zeroDowntime})`,
    ...(['signature', 'provenance', 'supportedSocle', 'readinessFile', 'dependencies', 'calendar', 'change'] as const).map((name) =>
      gates[name] ? words[name] : null,
    ),
  ];
  return asked.filter((one) => one !== null).join(', ') || 'nothing but the order of the stages';
}

const words = {
  ...{ signature: 'signature', provenance: 'provenance', supportedSocle: 'supported socle', readinessFile: 'readiness file' },
  ...{ dependencies: 'dependencies', calendar: 'calendar', change: 'change' },
} as const;
