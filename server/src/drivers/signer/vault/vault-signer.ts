/** A signing key kept by the transit engine of HashiCorp Vault, or of OpenBao: it signs there, and cannot be read. */
import { createPublicKey } from 'node:crypto';
import { BelugaError } from '../../../errors.ts';
import { isP256, publicKeyWork } from '../public-key.ts';
import type { Signer } from '../signer.ts';

export type VaultOptions = {
  /** `https://vault:8200`. */
  readonly address: string;
  /** Where the transit engine is mounted: `transit`. */
  readonly mount: string;
  /** The name of the key, of type `ecdsa-p256`. */
  readonly key: string;
  /** Read for each request, so that a renewed token is used. */
  readonly token: () => Promise<string>;
  readonly timeoutMs?: number;
};

type Answer = {
  readonly data?: {
    readonly signature?: string;
    readonly latest_version?: number;
    readonly keys?: Readonly<Record<string, { readonly public_key?: string }>>;
  };
  readonly errors?: readonly string[];
};

/** Throws `signing-key` when the key is not there or unfit, `signer-unreachable` while Vault does not answer. */
export function createVaultSigner(options: VaultOptions): Signer {
  const { key } = options;
  return {
    ...publicKeyWork,
    publicKey: async () => {
      const { data } = await ask(options, 'GET', `keys/${encodeURIComponent(key)}`);
      const pem = data?.keys?.[String(data.latest_version)]?.public_key;
      if (pem === undefined || !isP256(createPublicKey(pem))) throw unfit(options, 'it is no key of type ecdsa-p256');
      return createPublicKey(pem).export({ type: 'spki', format: 'pem' });
    },
    sign: async (bytes) => {
      const body = { input: Buffer.from(bytes).toString('base64'), marshaling_algorithm: 'asn1' };
      const { data } = await ask(options, 'POST', `sign/${encodeURIComponent(key)}/sha2-256`, body);
      const signature = /^vault:v\d+:(.+)$/.exec(data?.signature ?? '')?.[1];
      if (signature === undefined) throw unfit(options, 'Vault gave no signature');
      return Buffer.from(signature, 'base64');
    },
  };
}

async function ask(options: VaultOptions, method: string, path: string, body?: object): Promise<Answer> {
  const { address, mount, timeoutMs = 10_000 } = options;
  const token = await options.token();
  const response = await fetch(`${address}/v1/${mount}/${path}`, {
    method,
    headers: { 'X-Vault-Token': token, 'X-Vault-Request': 'true', 'Content-Type': 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw silent(options, error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error), error);
  });
  const answer = (await response.json().catch(() => ({}))) as Answer;
  if (response.ok) return answer;
  const problem = `it answers ${response.status}${answer.errors === undefined ? '' : ` (${answer.errors.join('; ')})`}`;
  throw response.status >= 500 || response.status === 429 ? silent(options, problem) : unfit(options, problem);
}

function silent({ address }: VaultOptions, problem: string, cause?: unknown): BelugaError {
  return new BelugaError('signer-unreachable', { keeper: address, problem }, { cause });
}

function unfit({ address, mount, key }: VaultOptions, problem: string): BelugaError {
  const remedy = `Make it with: vault write -f ${mount}/keys/${key} type=ecdsa-p256; and let the token use ${mount}/keys/${key} and ${mount}/sign/${key}.`;
  return new BelugaError('signing-key', { key: `${address}/v1/${mount}/keys/${key}`, problem, remedy });
}
