/**
 * Access tokens, as clients of registries ask for them (distribution.github.io/distribution/spec/auth/token): short-lived, for some
 * repositories and actions only, signed so that nothing has to be kept. A restart of the server makes them worth nothing; clients ask again.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Identity } from './authentication.ts';
import type { Scope } from './scope.ts';

export type AccessTokens = {
  /** A token for what of the scopes the identity may do. */
  issue(identity: Identity, asked: readonly Scope[]): { readonly token: string; readonly expiresInS: number; readonly issuedAt: string };
  /** Null for what was not issued here, or no longer holds. */
  read(token: string): Identity | null;
};

type Content = { readonly identity: Identity; readonly untilMs: number };

const seconds = 300;
const prefix = 'brt.';

export function openAccessTokens(nowMs: () => number): AccessTokens {
  const key = randomBytes(32);
  const sealOf = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
  return {
    issue(identity, asked) {
      const content: Content = { identity: { ...identity, scopes: asked }, untilMs: nowMs() + seconds * 1000 };
      const text = `${prefix}${Buffer.from(JSON.stringify(content)).toString('base64url')}`;
      return {
        token: `${text}.${sealOf(text)}`,
        expiresInS: seconds,
        issuedAt: Temporal.Instant.fromEpochMilliseconds(nowMs()).toString(),
      };
    },
    read(token) {
      const dot = token.lastIndexOf('.');
      if (!token.startsWith(prefix) || dot <= prefix.length) return null;
      const [text, seal] = [token.slice(0, dot), Buffer.from(token.slice(dot + 1))];
      const own = Buffer.from(sealOf(text));
      if (seal.length !== own.length || !timingSafeEqual(seal, own)) return null;
      const { identity, untilMs } = JSON.parse(Buffer.from(text.slice(prefix.length), 'base64url').toString('utf8')) as Content;
      return untilMs > nowMs() ? identity : null;
    },
  };
}
