/**
 * Attestations: signed statements about an image, in the formats that other programs read.
 *
 * A statement (in-toto Statement v1) in an envelope (DSSE) in a bundle (Sigstore bundle v0.3 with a public key): what cosign 3 keeps as
 * a referrer of the image, and verifies.
 */
export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json';
export const predicateTypes = {
  /** The signature of an image, as `cosign sign` makes it. */
  signature: 'https://sigstore.dev/cosign/sign/v1',
  sbom: 'https://cyclonedx.org/bom',
  provenance: 'https://slsa.dev/provenance/v1',
} as const;
export type AttestationKind = keyof typeof predicateTypes;

export type Attestation = {
  readonly kind: AttestationKind;
  readonly predicate: object;
};

/** What a bundle holds; `statement` is what was signed, its bytes are `payload`. */
export type ReadBundle = {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** Which key signed. */
  readonly hint: string;
  readonly statement: Statement;
};
export type Statement = { readonly predicateType: string; readonly digests: readonly string[]; readonly predicate: unknown };

const payloadType = 'application/vnd.in-toto+json';
const statementType = 'https://in-toto.io/Statement/v1';

/** The bytes of a statement about an image, named by the digest of its manifest. */
export function statementOf(imageDigest: string, { kind, predicate }: Attestation): Uint8Array {
  const subject = [{ digest: { sha256: imageDigest.replace('sha256:', '') }, annotations: {} }];
  return new TextEncoder().encode(JSON.stringify({ _type: statementType, subject, predicateType: predicateTypes[kind], predicate }));
}

/** What is really signed: DSSE's pre-authentication encoding of the payload and its type. */
export function signedBytes(payload: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `);
  const bytes = new Uint8Array(head.length + payload.length);
  bytes.set(head);
  bytes.set(payload, head.length);
  return bytes;
}

export function bundleOf(payload: Uint8Array, signature: Uint8Array, hint: string): Uint8Array {
  const bundle = {
    mediaType: bundleMediaType,
    verificationMaterial: { publicKey: { hint } },
    dsseEnvelope: { payload: payload.toBase64(), payloadType, signatures: [{ sig: signature.toBase64() }] },
  };
  return new TextEncoder().encode(JSON.stringify(bundle));
}

/** The annotations by which cosign and others tell bundles apart without fetching them. */
export function annotationsOf(kind: AttestationKind): Readonly<Record<string, string>> {
  return { 'dev.sigstore.bundle.content': 'dsse-envelope', 'dev.sigstore.bundle.predicateType': predicateTypes[kind] };
}

/** Reads a bundle that anybody may have written; null for what is none with a key and one signed statement. */
export function readBundle(bytes: Uint8Array): ReadBundle | null {
  try {
    const { verificationMaterial, dsseEnvelope } = JSON.parse(new TextDecoder().decode(bytes)) as Written;
    if (dsseEnvelope.payloadType !== payloadType) return null;
    const [payload, signature] = [
      Uint8Array.fromBase64(dsseEnvelope.payload),
      Uint8Array.fromBase64(dsseEnvelope.signatures[0]?.sig ?? ''),
    ];
    return { payload, signature, hint: verificationMaterial.publicKey.hint, statement: readStatement(payload) };
  } catch {
    return null;
  }
}

type Written = {
  readonly verificationMaterial: { readonly publicKey: { readonly hint: string } };
  readonly dsseEnvelope: {
    readonly payload: string;
    readonly payloadType: string;
    readonly signatures: readonly { readonly sig: string }[];
  };
};

function readStatement(payload: Uint8Array): Statement {
  const text = JSON.parse(new TextDecoder().decode(payload)) as {
    readonly _type: string;
    readonly subject: readonly { readonly digest: { readonly sha256: string } }[];
    readonly predicateType: string;
    readonly predicate: unknown;
  };
  if (text._type !== statementType) throw new Error('it is no statement');
  return {
    predicateType: text.predicateType,
    digests: text.subject.map(({ digest }) => `sha256:${digest.sha256}`),
    predicate: text.predicate,
  };
}
