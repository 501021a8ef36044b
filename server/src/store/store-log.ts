/** Where the store writes what happens to it. */
export type StoreLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export const silentLog: StoreLog = { info: () => undefined, warn: () => undefined, error: () => undefined };
