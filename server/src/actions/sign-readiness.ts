/** The readiness file of an application system: what it lacks, and the signing of its lines. */
import { stamp } from '../domain/stamp.ts';
import { BelugaError } from '../errors.ts';
import type { Context } from './context.ts';

export type ReadinessView = {
  readonly system: string;
  readonly line: string;
  readonly state: 'missing' | 'signed' | 'expired';
  readonly by: string | null;
  readonly at: string | null;
  readonly expiresAt: string | null;
  readonly note: string | null;
};
export type SigningWish = {
  readonly system: string;
  readonly line: string;
  readonly note?: string | undefined;
  readonly expiresAt?: string | undefined;
};

/** Every line that the platform asks for, signed or not. */
export async function showReadiness(context: Context, system: string): Promise<readonly ReadinessView[]> {
  await findSystem(context, system);
  const signed = await context.store.readiness.of(system);
  const now = context.now();
  return context.platform.policies.readiness.map((line) => {
    const found = signed.find((one) => one.line === line);
    if (found === undefined) return { system, line, state: 'missing', by: null, at: null, expiresAt: null, note: null };
    const expired = found.expiresAt !== null && Temporal.Instant.compare(Temporal.Instant.from(found.expiresAt), now) <= 0;
    return { ...found, state: expired ? 'expired' : 'signed' };
  });
}

export async function signReadiness(context: Context, who: string, wish: SigningWish): Promise<readonly ReadinessView[]> {
  const { system, line, note = null, expiresAt = null } = wish;
  await findSystem(context, system);
  const known = context.platform.policies.readiness;
  if (!known.includes(line)) throw new BelugaError('unknown-readiness-line', { line, known: known.join(', ') || 'none yet' });
  const until = expiresAt === null ? null : stamp(Temporal.Instant.from(expiresAt));
  await context.store.readiness.sign({ system, line, by: who, at: stamp(context.now()), expiresAt: until, note });
  return showReadiness(context, system);
}

async function findSystem(context: Context, system: string): Promise<void> {
  const systems = [...new Set((await context.store.views.components()).map((component) => component.system))];
  if (!systems.includes(system)) throw new BelugaError('unknown-system', { system, known: systems.join(', ') || 'none yet' });
}
