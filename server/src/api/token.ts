import { createToken, listTokens, revokeToken } from '../actions/manage-tokens.ts';
import type { Router } from './route.ts';

export function tokenRoutes(route: Router): void {
  route.serve('listTokens', { act: ({ context }) => listTokens(context), present: (tokens) => ({ items: [...tokens] }) });
  route.serve('createToken', {
    act: ({ context, who, input }) => createToken(context, who, input),
    status: () => 201,
    present: (token) => token,
  });
  route.serve('revokeToken', {
    act: ({ context, who, input }) => revokeToken(context, who, input.id),
    present: (tokens) => ({ items: [...tokens] }),
  });
}
