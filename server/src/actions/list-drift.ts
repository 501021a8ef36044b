/** What runs otherwise than it was recorded, and what was put right. */
import type { Drift } from '../domain/drift/drift.ts';
import type { Context } from './context.ts';
import { findComponent, findEnvironment } from './find-release.ts';

export type DriftQuestion = {
  readonly component?: string | undefined;
  readonly environment?: string | undefined;
  readonly open?: boolean | undefined;
  readonly limit?: number | undefined;
};

export async function listDrift(context: Context, question: DriftQuestion): Promise<readonly Drift[]> {
  if (question.component !== undefined) await findComponent(context, question.component);
  if (question.environment !== undefined) findEnvironment(context, question.environment);
  return context.store.drift.list(question);
}
