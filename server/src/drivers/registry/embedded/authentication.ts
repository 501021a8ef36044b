/** Who asks: HTTP Basic, whose password is a platform token, or Bearer, judged by the platform. */
import type { IncomingMessage } from 'node:http';
import { RegistryProblem } from './problem.ts';

export type Access = 'read' | 'write';
/** `write` includes reading. */
export type Identity = {
  readonly name: string;
  readonly access: Access;
  /** What it may reach: repositories, or all below one, as `claims/*`. Without it, everything. */
  readonly repositories?: readonly string[];
};
/** Judges an `Authorization` header; null when it is not good enough. */
export type Authenticate = (authorization: string | undefined) => Promise<Identity | null>;

export type Credentials =
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** Reads an `Authorization` header (RFC 7617, RFC 6750); null when there is none or it cannot be read. */
export function credentialsOf(authorization: string | undefined): Credentials | null {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return { kind: 'bearer', token: value };
  if (scheme.toLowerCase() !== 'basic') return null;
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? null : { kind: 'basic', user: text.slice(0, colon), password: text.slice(colon + 1) };
}

const readers = new Set(['GET', 'HEAD']);

/** The identity behind a request; refuses with UNAUTHORIZED, or DENIED when it may only read. */
export async function identify(authenticate: Authenticate, request: IncomingMessage): Promise<Identity> {
  const identity = await authenticate(request.headers.authorization);
  if (identity === null) {
    throw new RegistryProblem(
      'UNAUTHORIZED',
      'The request has no token that this platform knows; log in with any user name and the platform token as password.',
      {
        headers: { 'WWW-Authenticate': 'Basic realm="Beluga", charset="UTF-8"' },
      },
    );
  }
  if (identity.access === 'read' && !readers.has(request.method ?? '')) {
    throw new RegistryProblem('DENIED', `${identity.name} may read from this registry but not write to it; use a token that may write.`);
  }
  return identity;
}

/** Refuses with DENIED what lies outside the scope of an identity; listing everything is outside of every scope. */
export function refuseOutside({ name, repositories }: Identity, repository: string): void {
  if (repositories === undefined || repositories.some((scope) => isWithin(repository, scope))) return;
  const reach = repositories.join(', ');
  throw new RegistryProblem(
    'DENIED',
    `${name} may reach ${reach} but not ${repository === '' ? 'the list of all repositories' : repository}.`,
  );
}

function isWithin(repository: string, scope: string): boolean {
  return scope.endsWith('/*') ? repository.startsWith(scope.slice(0, -1)) : repository === scope;
}
