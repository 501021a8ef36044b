/** How a failure is told: one sentence and its remedy for people, a problem (RFC 9457) for programs; a stack only with BELUGA_DEBUG. */
import type { Problem } from '@beluga/contract/api-schema';
import { CliError } from '../errors.ts';
import type { Format } from './io.ts';
import { terminalOf } from './terminal.ts';
import { plainText } from './text.ts';

/** Any error as a problem: ours, the server's, the image library's, the operating system's. */
export function problemOf(error: unknown): Problem {
  const refused = refusalIn(error);
  if (refused !== null) return refused;
  const known = knownIn(error);
  if (known !== null) return known;
  return problemOf(new CliError('internal', { problem: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }));
}

/** Writes the failure to standard error. */
export function tell(error: unknown, format: Format, env: NodeJS.ProcessEnv = process.env): void {
  const problem = problemOf(error);
  process.stderr.write(format === 'table' ? wordsOf(problem, env) : `${JSON.stringify(problem)}\n`);
  if ((env['BELUGA_DEBUG'] ?? '') !== '' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
}

function wordsOf(problem: Problem, env: NodeJS.ProcessEnv): string {
  const { paint } = terminalOf(process.stderr, env);
  const log = (problem.log ?? []).map((line) => `  | ${plainText(line)}\n`).join('');
  const others = (problem.errors ?? []).map((one) => `  - ${plainText(`${one.path}: ${one.problem}; ${one.remedy}`)}\n`).join('');
  const [first = '', ...more] = problem.detail.split('\n').map(plainText);
  const rest = more.map((line) => `  ${line}\n`).join('');
  return `${paint('red', 'beluga:')} ${first}\n${rest}${others}${log}${paint('bold', '  Remedy:')} ${plainText(problem.remedy)}\n`;
}

/** The server's answer carries its problem. */
function refusalIn(error: unknown): Problem | null {
  const { problem } = (error ?? {}) as { readonly problem?: Partial<Problem> };
  return error instanceof Error && typeof problem?.code === 'string' && typeof problem.detail === 'string' ? (problem as Problem) : null;
}

type Known = { readonly code?: unknown; readonly remedy?: unknown; readonly retry?: unknown; readonly log?: unknown };

/** Ours and those of the libraries carry a code and a remedy. */
function knownIn(error: unknown): Problem | null {
  if (!(error instanceof Error)) return null;
  const { code, remedy, retry, log } = error as Known;
  if (typeof remedy !== 'string') return null;
  return {
    type: 'about:blank',
    title: 'The command did not do it',
    status: 0,
    detail: error.message,
    code: typeof code === 'string' ? code : 'server-unreachable',
    remedy,
    retry: retry === true,
    ...(Array.isArray(log) && log.length > 0 ? { log: log as string[] } : {}),
  };
}
