/** Certificates of the company: for the platform and for every registry. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CliError } from '../errors.ts';

/** Trusts those in a file in PEM, besides those of Node and of NODE_EXTRA_CA_CERTS; so do the programs that are started. Throws `certificates-unreadable`. */
export async function trust(file: string): Promise<void> {
  const path = resolve(file);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError('certificates-unreadable', { file: path, problem: error.code === 'ENOENT' ? 'it is not there' : error.message });
  });
  const found = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  const { getCACertificates, setDefaultCACertificates } = await import('node:tls');
  try {
    if (found.length === 0) throw new Error('it holds no certificate in PEM');
    setDefaultCACertificates([...getCACertificates('default'), ...found]);
  } catch (error) {
    throw new CliError('certificates-unreadable', { file: path, problem: (error as Error).message }, { cause: error });
  }
  process.env['NODE_EXTRA_CA_CERTS'] ??= path;
}
