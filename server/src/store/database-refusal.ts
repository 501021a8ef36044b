/** What a failure of the database means, in the words of the catalogue. */
import { BelugaError } from '../errors.ts';

/** `database-unreachable` or `disk-full` where that is the cause; any other error as it is. */
export function refusalOfDatabase(error: unknown): unknown {
  if (error instanceof BelugaError || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === '53100') return new BelugaError('disk-full', { folder: 'the database' }, { cause: error });
  if (!isUnreachable(code, error.message)) return error;
  return new BelugaError('database-unreachable', { problem: problemOf(code, error) }, { cause: error });
}

/** Of the system, of the protocol (class 08), shutting down or starting (57P), full of connections, or letting nobody in (28, 3D). */
const unreachable =
  /^(ECONN\w+|ENOENT|EACCES|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|08\w{3}|57P0[1-5]|53300|25P0[34]|28\w{3}|3D000)$/;

function isUnreachable(code: string, message: string): boolean {
  return (
    unreachable.test(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Connection ended)|not queryable/.test(message)
  );
}

function problemOf(code: string, error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((each: Error) => each.message).join(', ');
  return error.message === '' ? code : error.message.replace(/\.$/, '');
}
