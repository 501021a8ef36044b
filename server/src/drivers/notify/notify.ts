/** The notification port: a channel that people or programs read. */
import type { Notice } from '../../domain/notices/notice.ts';

export interface Channel {
  /** Sends a notice; the same again when it is not known whether it arrived. Throws `delivery-failed` or `delivery-refused`. */
  send(notice: Notice): Promise<void>;
}
