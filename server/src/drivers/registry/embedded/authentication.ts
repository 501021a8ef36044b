/** Who asks: an access token for some repositories, or a platform token, as the password of HTTP Basic or as Bearer. */
import type { IncomingMessage } from 'node:http';
import type { AccessTokens } from './access-token.ts';
import { RegistryProblem } from './problem.ts';
import { type Action, covers, type Scope, spell } from './scope.ts';

export type Access = 'read' | 'write';
/** `write` includes reading. */
export type Identity = {
  readonly name: string;
  readonly access: Access;
  /** What it may reach: repositories, or all below one, as `claims/*`. Without it, everything. */
  readonly repositories?: readonly string[];
  /** What its access token is for. Without it, everything it may do. */
  readonly scopes?: readonly Scope[];
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

const methods: Readonly<Record<string, Action>> = { GET: 'pull', HEAD: 'pull', DELETE: 'delete' };

/** What a request does to a repository. */
export function actionOf({ method = '' }: IncomingMessage): Action {
  return methods[method] ?? 'push';
}

/** The identity behind a request, by an access token or by a platform token; refuses with UNAUTHORIZED. */
export async function identify(authenticate: Authenticate, tokens: AccessTokens, request: IncomingMessage): Promise<Identity> {
  const { authorization } = request.headers;
  const credentials = credentialsOf(authorization);
  const identity = (credentials?.kind === 'bearer' ? tokens.read(credentials.token) : null) ?? (await authenticate(authorization));
  if (identity !== null) return identity;
  const problem = 'The request has no token that this platform knows; log in with any user name and the platform token as password.';
  const challenge = credentials?.kind === 'bearer' ? { error: 'invalid_token' } : {};
  throw new RegistryProblem('UNAUTHORIZED', problem, { headers: challengeOf(request, challenge) });
}

/** Where clients get an access token (distribution.github.io/distribution/spec/auth/token): at the address they came by. */
export const tokenPath = '/v2/token';

function challengeOf({ headers }: IncomingMessage, words: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  const host = (headers.host ?? '').replace(/[^\w.:[\]-]/g, '');
  const all = { realm: `${scheme}://${host}${tokenPath}`, service: 'beluga', ...words };
  const text = Object.entries(all).map(([name, value]) => `${name}="${value}"`);
  return { 'WWW-Authenticate': `Bearer ${text.join(',')}` };
}

/** Refuses with DENIED what an identity may not do, and with UNAUTHORIZED what its access token was not asked for. */
export function refuseForbidden(identity: Identity, repository: string, action: Action, request: IncomingMessage): void {
  const { name, access, scopes } = identity;
  if (access === 'read' && action !== 'pull')
    throw new RegistryProblem('DENIED', `${name} may read from this registry but not write to it; use a token that may write.`);
  refuseOutside(identity, repository);
  if (scopes === undefined || covers(scopes, repository, action)) return;
  const scope = spell({ repository, actions: action === 'pull' ? ['pull'] : ['pull', action] });
  const lacking = `The access token is not for ${scope}; ask for one that is.`;
  throw new RegistryProblem('UNAUTHORIZED', lacking, { headers: challengeOf(request, { scope, error: 'insufficient_scope' }) });
}

/** Whether a blob may be taken over from another repository; without its name it could be one of anybody. Refuses with DENIED. */
export function mayMountFrom(identity: Identity, from: string | null): boolean {
  if (from !== null || identity.repositories !== undefined) refuseOutside(identity, from ?? '');
  return identity.scopes === undefined || (from !== null && covers(identity.scopes, from, 'pull'));
}

/** Refuses with DENIED what lies outside the scope of an identity; listing everything is outside of every scope. */
function refuseOutside({ name, repositories }: Identity, repository: string): void {
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
