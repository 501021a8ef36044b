/** What installations published, from the changes that closed well. */
import { type Publication, publicationOf } from '../domain/publication/publication.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';
import { findChange } from './review-change.ts';

export type PublicationFilter = {
  readonly component?: string | undefined;
  readonly system?: string | undefined;
  readonly environment?: string | undefined;
  readonly limit: number;
};

/** The newest first. */
export async function listPublications(context: Context, filter: PublicationFilter): Promise<readonly Publication[]> {
  const changes = await context.store.changes.list({ ...filter, closure: 'successful' });
  return changes.map(publicationOf).filter((publication) => publication !== null);
}

/** By the identifier of the change or of its deployment. */
export async function findPublication(context: Context, id: string): Promise<Publication> {
  const change = await findChange(context, id);
  const publication = publicationOf(change);
  if (publication === null) throw new BelugaError('not-published', { id: change.id, state: change.closure ?? change.state });
  return publication;
}
