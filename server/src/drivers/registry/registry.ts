/** The registry port: where images are held, by digest. */
export interface Registry {
  /** `host:port`, as image references begin. */
  readonly host: string;
  /** Whether the image (`host/name@sha256:…`) is there with all that it names. */
  holds(image: string): Promise<boolean>;
}
