/** The public keys with which this platform signed: what anybody needs to verify it, and no secret. */
import type { Context } from './context.ts';

export async function listSigningKeys({ store }: Context): Promise<readonly { readonly hint: string; readonly publicKey: string }[]> {
  return [...(await store.attestations.keys())].map(([hint, publicKey]) => ({ hint, publicKey }));
}
