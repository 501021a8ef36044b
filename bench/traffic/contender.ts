/** Somebody who runs three replicas behind one address and can replace them. */
export type Contender = {
  readonly name: string;
  readonly address: string;
  /** Whether requests to its address are answered on this machine. */
  readonly reachable: boolean;
  /** Replaces all replicas by new ones of this version. */
  replace(version: string): Promise<void>;
  /** Ends one replica, or all, with kill -9. */
  kill(what: 'one' | 'all'): Promise<void>;
  /** Ends what brings requests to the replicas with kill -9; null where that is no process of its own. */
  readonly killRouter: (() => Promise<void>) | null;
  /** Whether all replicas serve, behind the address. */
  whole(): Promise<boolean>;
  close(): Promise<void>;
};

export const replicas = 3;
/** Ready a second after its start, and gone at once when told to stop. */
export const environmentOf = (version: string) => ({ PORT: '8080', APP_VERSION: version, START_MS: '1000' });
export const readyPath = '/up';
