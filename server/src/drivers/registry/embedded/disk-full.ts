/** A full disk, said clearly. */
import { BelugaError } from '../../../errors.ts';
import { errorCode } from './durable-files.ts';
import { RegistryProblem } from './problem.ts';

/** Turns a full disk into an answer that says so. */
export async function orFull<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (problem) {
    if (!['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errorCode(problem))) throw problem;
    const full = new BelugaError('disk-full', { folder });
    throw new RegistryProblem('UNAVAILABLE', full.message, { status: 507, cause: problem });
  }
}
