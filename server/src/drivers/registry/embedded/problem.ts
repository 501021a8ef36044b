/** What the registry refuses, with the codes of the OCI distribution specification 1.1 ("Error Codes") and a sentence that says what to do. */
const statusOf = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  SIZE_INVALID: 400,
  UNAUTHORIZED: 401,
  DENIED: 403,
  UNSUPPORTED: 405,
  UNAVAILABLE: 503,
  UNKNOWN: 500,
} as const;

export type ProblemCode = keyof typeof statusOf;

type Options = {
  readonly status?: number;
  readonly detail?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
};

/** A refusal of the registry; `status` is the one that goes with the code unless it is given. */
export class RegistryProblem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: object;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, sentence: string, options: Options = {}) {
    super(sentence, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'RegistryProblem';
    this.code = code;
    this.status = options.status ?? statusOf[code];
    this.detail = options.detail ?? {};
    this.headers = options.headers ?? {};
  }

  /** The body of the answer as clients of registries read it. */
  get body(): string {
    return JSON.stringify({ errors: [{ code: this.code, message: this.message, detail: this.detail }] });
  }
}
