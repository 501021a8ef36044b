/** Mail over SMTP (RFC 5321): text and HTML, one thread for an installation, sent by a program (RFC 3834). */
import { createTransport } from 'nodemailer';
import type { Notice } from '../../../domain/notices/notice.ts';
import { textOf } from '../../../domain/notices/notice.ts';
import { html } from '../../../domain/publication/text.ts';
import { BelugaError } from '../../../errors.ts';
import type { Channel } from '../notify.ts';

export type EmailOptions = {
  /** `smtp://user:password@host:25` or `smtps://…`. */
  readonly url: string;
  readonly from: string;
  readonly to: readonly string[];
};

export function createEmail({ url, from, to }: EmailOptions): Channel {
  return {
    async send(notice) {
      const transport = createTransport(url, { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 } as object);
      try {
        await transport.sendMail({ from, to: [...to], ...mailOf(notice) });
      } catch (error) {
        throw failureOf(error);
      } finally {
        transport.close();
      }
    },
  };
}

function mailOf(notice: Notice) {
  const [first] = notice.changes;
  const thread = `<${first?.id ?? notice.id}.beluga@beluga.invalid>`;
  const own = `<${notice.id.replace(/[^A-Za-z0-9.-]/g, '.')}@beluga.invalid>`;
  const answers = notice.kind === 'started' ? { messageId: thread } : { messageId: own, inReplyTo: thread, references: thread };
  return { subject: notice.title, text: textOf(notice), html: htmlOf(notice), headers: { 'Auto-Submitted': 'auto-generated' }, ...answers };
}

function htmlOf({ title, facts, sections, language }: Notice): string {
  const table = facts.map(({ name, value }) => `<tr><th align="left">${html(name)}</th><td>${html(value)}</td></tr>`).join('');
  const told = sections.map(
    ({ title: heading, lines }) =>
      `${heading === '' ? '' : `<h2>${html(heading)}</h2>`}<ul>${lines.map((line) => `<li>${html(line)}</li>`).join('')}</ul>`,
  );
  return `<html lang="${language}"><body><h1>${html(title)}</h1><table>${table}</table>${told.join('')}</body></html>`;
}

/** A reply of 5xx to the mail itself is final (RFC 5321, 4.2.1); everything else may pass. */
function failureOf(error: unknown): BelugaError {
  const { responseCode = 0, code = 'unknown' } = error as { readonly responseCode?: number; readonly code?: string };
  const refused = responseCode >= 500 && code !== 'EAUTH';
  const problem = responseCode > 0 ? `it answered ${responseCode}` : `it cannot be reached (${code})`;
  return new BelugaError(refused ? 'delivery-refused' : 'delivery-failed', { target: 'the mail server', problem });
}
