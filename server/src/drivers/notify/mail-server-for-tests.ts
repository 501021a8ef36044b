/** A mail server for tests: it takes every mail, and keeps it as it came. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type MailServer = { readonly url: string; readonly mails: readonly string[]; close(): Promise<void> };

export async function startMailServer(): Promise<MailServer> {
  const mails: string[] = [];
  const smtp = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    onData(stream, _session, done) {
      let mail = '';
      stream.on('data', (chunk: Buffer) => {
        mail += chunk.toString();
      });
      stream.on('end', () => {
        mails.push(mail);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => void smtp.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      smtp.close(resolve);
    });
  return { url: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`, mails, close };
}
