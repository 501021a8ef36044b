/** How many installations began in each hour of a time: what a calendar shows beside its windows. */
import { BelugaError } from '../errors.ts';
import type { HourOfInstallations, InstallationsQuestion } from '../store/views/installations.ts';
import type { Context } from './context.ts';
import { findEnvironment } from './find-release.ts';

const mostMs = 400 * 24 * 3_600_000;

/** Throws `calendar-range` for more than 400 days. */
export async function countInstallations(context: Context, question: InstallationsQuestion): Promise<readonly HourOfInstallations[]> {
  findEnvironment(context, question.environment);
  const ms = Date.parse(question.to) - Date.parse(question.from);
  if (ms <= 0 || ms > mostMs) throw new BelugaError('calendar-range', { from: question.from, to: question.to });
  return context.store.consoleViews.installations(question);
}
