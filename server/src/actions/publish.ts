/** What installations published, from the changes that closed well. */
import type { PublicationPage } from '../domain/publication/page.ts';
import { type Publication, publicationOf } from '../domain/publication/publication.ts';
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { ChangeFilter } from '../store/change.ts';
import type { Context } from './context.ts';
import { findTrain } from './plan-train.ts';
import { findChange } from './review-change.ts';

export type PublicationFilter = {
  readonly train?: string | undefined;
  readonly component?: string | undefined;
  readonly system?: string | undefined;
  readonly environment?: string | undefined;
  readonly limit: number;
};

/** The newest first. */
export async function listPublications(context: Context, filter: PublicationFilter): Promise<readonly Publication[]> {
  const { train, ...rest } = filter;
  const deployments = train === undefined ? undefined : await deploymentsOf(context, train);
  return published(context, { ...rest, deployments });
}

/** What was installed of a system in the last days. Throws `unknown-system`. */
export async function publishSystem(context: Context, system: string, days: number): Promise<PublicationPage> {
  const known = [...new Set((await context.store.views.components()).map((one) => one.system))].toSorted();
  if (!known.includes(system)) throw new BelugaError('unknown-system', { system, known: known.join(', ') || 'none' });
  const closedSince = stamp(context.now().subtract({ hours: days * 24 }));
  return { kind: 'system', of: system, publications: await published(context, { system, closedSince, limit: mostOnAPage }) };
}

/** What the trips of a train installed in production. Throws `unknown-train`. */
export async function publishTrain(context: Context, train: string): Promise<PublicationPage> {
  const deployments = await deploymentsOf(context, train);
  return { kind: 'train', of: train, publications: await published(context, { deployments, limit: mostOnAPage }) };
}

const mostOnAPage = 1_000;

async function published(context: Context, filter: ChangeFilter): Promise<readonly Publication[]> {
  const changes = await context.store.changes.list({ ...filter, closure: 'successful' });
  const { timeZone } = context.platform.calendar;
  return changes.map((change) => publicationOf(change, timeZone)).filter((publication) => publication !== null);
}

async function deploymentsOf(context: Context, name: string): Promise<readonly string[]> {
  await findTrain(context, name);
  const trips = await context.store.trips.of(name);
  return trips.flatMap(({ members }) => members.map(({ deploymentId }) => deploymentId)).filter((id) => id !== null);
}

/** By the identifier of the change or of its deployment. */
export async function findPublication(context: Context, id: string): Promise<Publication> {
  const change = await findChange(context, id);
  const publication = publicationOf(change, context.platform.calendar.timeZone);
  if (publication === null) throw new BelugaError('not-published', { id: change.id, state: change.closure ?? change.state });
  return publication;
}
