/** The server, through the typed client of the contract; every request carries the proof of this browser's session. */
import { ApiError, createClient, ServerUnreachable } from '@beluga/contract/client';

const proofKey = 'beluga-proof';

export const client = createClient({
  url: location.origin,
  fetch: (input, init) => {
    const proof = localStorage.getItem(proofKey);
    return fetch(input, { ...init, headers: { ...init?.headers, ...(proof === null ? {} : { 'x-beluga-proof': proof }) } });
  },
});

export function rememberProof(proof: string | null): void {
  if (proof === null) localStorage.removeItem(proofKey);
  else localStorage.setItem(proofKey, proof);
}

export type Failure = { readonly code: string; readonly sentence: string; readonly remedy: string | null };

/** What went wrong, as people are told: a sentence and what to do. */
export function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) return { code: error.problem.code, sentence: error.problem.detail, remedy: error.problem.remedy };
  if (error instanceof ServerUnreachable) return { code: 'unreachable', sentence: error.message, remedy: error.remedy };
  return { code: 'unforeseen', sentence: error instanceof Error ? error.message : String(error), remedy: null };
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.problem.code === 'unauthorized';
}
