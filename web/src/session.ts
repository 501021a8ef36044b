/**
 * The session of this browser: a cookie that scripts cannot read, and a proof that this page keeps and sends beside it.
 *
 * A link that signs in carries its code after the `#`, which no server and no log ever sees; it is taken out of the address at once.
 */
import type { SessionView } from '@beluga/contract/console-schema';
import { client, rememberProof } from './api.ts';

const marker = '#sign-in=';

/** A link that is opened in a page that stands already changes only its hash: the page begins again. */
addEventListener('hashchange', () => {
  if (location.hash.startsWith(marker)) location.reload();
});

/** Uses the code in the address up, if there is one. */
export async function signInByLink(): Promise<void> {
  if (!location.hash.startsWith(marker)) return;
  const code = decodeURIComponent(location.hash.slice(marker.length));
  history.replaceState(null, '', location.pathname + location.search);
  rememberProof((await client.openSession({ code })).proof);
}

export async function signInByToken(token: string): Promise<void> {
  rememberProof((await client.openSession({ token: token.trim() })).proof);
}

export async function signOut(): Promise<void> {
  await client.closeSession();
  rememberProof(null);
  location.assign('/');
}

/** Who is signed in. Throws `ApiError` with the code `unauthorized` when nobody is. */
export function whoIsSignedIn(): Promise<SessionView> {
  return client.showSession();
}
