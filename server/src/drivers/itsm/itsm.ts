/** The ITSM port: a service management tool that keeps a copy of every change. Without one the platform's own record is the record. */
import type { Change } from '../../domain/changes/change.ts';

export interface Itsm {
  /**
   * Brings the one record of a change to the state of the change, whatever state it is in, and gives what the record is called there.
   * Safe to repeat at any time. Throws `delivery-failed` for what may pass, `delivery-refused` for what will not.
   */
  put(change: Change, reference: string | null): Promise<string | null>;
}
