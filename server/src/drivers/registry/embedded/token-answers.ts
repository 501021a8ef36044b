/** The token endpoint: an access token for those who log in with a platform token (distribution.github.io/distribution/spec/auth/token). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessTokens } from './access-token.ts';
import type { Authenticate } from './authentication.ts';
import { replyJson } from './exchange.ts';
import { RegistryProblem } from './problem.ts';
import { scopesIn } from './scope.ts';

export type Door = { readonly authenticate: Authenticate; readonly tokens: AccessTokens };

/** Refuses with UNAUTHORIZED; what an identity may not do is told when it is done. */
export async function answerToken(door: Door, request: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<void> {
  if (request.method !== 'GET')
    throw new RegistryProblem('UNSUPPORTED', 'Ask for an access token with GET.', { headers: { Allow: 'GET' } });
  const identity = await door.authenticate(request.headers.authorization);
  if (identity === null)
    throw new RegistryProblem('UNAUTHORIZED', 'Log in with any user name and a token of this platform as password.', {
      headers: { 'WWW-Authenticate': 'Basic realm="Beluga", charset="UTF-8"' },
    });
  const { token, expiresInS, issuedAt } = door.tokens.issue(identity, scopesIn(query));
  const answer = { token, access_token: token, expires_in: expiresInS, issued_at: issuedAt };
  replyJson(response, answer, { 'Cache-Control': 'no-store' });
}
