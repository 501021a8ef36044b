/** What every action and reconciler is given: the store, the ports, and time as an argument. */
import type { Platform } from '../domain/platform.ts';
import type { Language } from '../domain/publication/words.ts';
import type { Engine } from '../drivers/engine/engine.ts';
import type { Itsm } from '../drivers/itsm/itsm.ts';
import type { Logs } from '../drivers/logs/logs.ts';
import type { Channel } from '../drivers/notify/notify.ts';
import type { Registry } from '../drivers/registry/registry.ts';
import type { Secrets } from '../drivers/secret/secret.ts';
import type { Signer } from '../drivers/signer/signer.ts';
import type { Telemetry } from '../drivers/telemetry/telemetry.ts';
import type { Store } from '../store/store.ts';

export type Context = {
  readonly store: Store;
  readonly engine: Engine;
  /** What ran and wrote, kept. */
  readonly logs: Logs;
  readonly registry: Registry;
  /** The key with which the platform vouches. */
  readonly signer: Signer;
  /** What is known of secrets: never a value. */
  readonly secrets: Secrets;
  readonly telemetry: Telemetry;
  /** The stages in order. */
  readonly environments: readonly string[];
  /** What `platform.yaml` says. */
  readonly platform: Platform;
  /** The file that says so; null: there is none, and the embedded default holds. */
  readonly platformFile: PlatformFile | null;
  /** Who is told what happens. */
  readonly outlets: Outlets;
  readonly version: string;
  readonly now: () => Temporal.Instant;
  /** Waits; rejects when `signal` aborts. */
  readonly pause: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** A new identifier, sortable by time, with a prefix such as `dep`. */
  readonly newId: (prefix: string) => string;
  /** Text that nobody can guess, for a token. */
  readonly newSecret: () => string;
  /** `sha256:<hex>` of a text. */
  readonly hash: (text: string) => string;
  readonly log: Log;
};

/** `digest` is the SHA-256 of the text as it was read at start. */
export type PlatformFile = { readonly path: string; readonly digest: string };

export type Outlets = {
  /** Null: the platform's own record is the record. */
  readonly itsm: Itsm | null;
  readonly channels: readonly NamedChannel[];
};
export type NamedChannel = {
  readonly name: string;
  readonly language: Language;
  /** Null: of all systems. */
  readonly systems: readonly string[] | null;
  readonly channel: Channel;
};

export type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};
