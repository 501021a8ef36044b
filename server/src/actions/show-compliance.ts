/** Whether the image of a release conforms, today. */
import { type Compliance, complianceOf, type SocleStanding } from '../domain/compliance.ts';
import type { Release } from '../domain/release.ts';
import type { StandingOn } from '../store/attestation.ts';
import type { Context } from './context.ts';

export type { Compliance };

/** Null for a release whose image nobody looked into. */
export async function complianceOfRelease(context: Context, release: Release): Promise<Compliance | null> {
  const known = await context.store.attestations.facts(release.digest);
  return known === null ? null : complianceOf(known.facts, release.spec, await standingOf(context, known.socle));
}

async function standingOf(context: Context, socle: StandingOn | null): Promise<SocleStanding | null> {
  if (socle === null) return null;
  const { socles } = context.platform.policies;
  const today = context.now().toZonedDateTimeISO(context.platform.calendar.timeZone).toPlainDate();
  const policy = socles.find(({ name }) => name === socle.name);
  const ended = policy !== undefined && Temporal.PlainDate.compare(policy.supportedUntil, today) < 0;
  const { name, number } = socle;
  const deprecated = (await context.store.socles.list()).find((one) => one.name === name)?.deprecated ?? null;
  if (ended) return { name, number, unsupported: `its support ended on ${policy.supportedUntil}` };
  return { name, number, unsupported: deprecated === null ? null : `it is deprecated (${deprecated.reason})` };
}
