/** The console: built from its sources where they changed, and opened with a link that signs in once. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Io } from '../output/io.ts';
import type { Platform } from './home.ts';

const builder = join(import.meta.dirname, '..', '..', '..', 'dev', 'build-console.ts');
const buildMs = 180_000;

/** Builds it where needed. The platform works without it, so a failure is told and ends nothing. */
export async function buildConsole(io: Io): Promise<void> {
  const build = (): Promise<unknown> => promisify(execFile)(process.execPath, [builder], { timeout: buildMs });
  await io.progress.during('Building the console', build).catch((error: unknown) => {
    const { stderr = '', message = '' } = error as { readonly stderr?: string; readonly message?: string };
    const cause = (stderr.trim() || message).split('\n').slice(0, 3).join(' ');
    io.progress.say(
      `     The console could not be built: ${cause}\n     Remedy: run ./dev/node dev/build-console.ts; the command line works without it.`,
    );
  });
}

/** The code stands after the `#`, which a browser keeps to itself. */
export async function signInLink({ client, url }: Platform): Promise<{ readonly url: string; readonly expiresAt: string }> {
  const { code, expiresAt } = await client.makeSignInLink();
  return { url: `${url}/#sign-in=${encodeURIComponent(code)}`, expiresAt };
}
