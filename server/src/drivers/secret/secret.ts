/** The values of secrets, of which the platform itself never learns more than whether one is the same as before. */
import type { SecretReference } from '../../domain/release.ts';

export type Secrets = {
  /** A keyed fingerprint of the value, alike for equal values only under the same key; null when it cannot be read now. */
  print(secret: SecretReference): Promise<string | null>;
};
