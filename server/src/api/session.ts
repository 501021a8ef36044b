/** Who looks through a browser. The cookie is half of a session; the page keeps the other half and sends it as a header. */
import { mayManageTokens } from '../actions/manage-tokens.ts';
import { makeSignInLink, openSession } from '../actions/open-session.ts';
import { cookieOf, setCookie } from './caller.ts';
import type { Router } from './route.ts';

export function sessionRoutes(route: Router): void {
  route.serve('openSession', {
    act: async ({ context, input, request }) => ({ ...(await openSession(context, input)), request }),
    status: () => 201,
    headers: ({ cookie, request }) => ({ 'set-cookie': setCookie(request, cookie) }),
    present: ({ name, expiresAt, proof }) => ({ name, expiresAt, proof }),
  });
  route.serve('showSession', {
    act: async ({ context, who, version }) => ({
      name: who,
      version,
      environments: [...context.environments],
      can: { manageTokens: mayManageTokens(who) },
    }),
    present: (session) => session,
  });
  route.serve('closeSession', {
    act: async ({ context, request }) => {
      const cookie = cookieOf(request);
      if (cookie !== null) await context.store.sessions.close(cookie);
      return request;
    },
    headers: (request) => ({ 'set-cookie': setCookie(request, '') }),
    present: () => ({}),
  });
  route.serve('makeSignInLink', {
    act: ({ context, who }) => makeSignInLink(context, who),
    status: () => 201,
    present: (link) => link,
  });
}
