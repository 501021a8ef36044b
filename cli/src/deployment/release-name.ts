/** `component@version` on the command line. */
import { CliError } from '../errors.ts';
import type { Platform } from '../platform/home.ts';

/** The newest release where no version is named. Throws `no-release`. */
export async function releaseNamed({ client }: Platform, text: string): Promise<{ readonly component: string; readonly version: string }> {
  const at = text.indexOf('@');
  if (at > 0) return { component: text.slice(0, at), version: text.slice(at + 1) };
  const { items } = await client.listReleases({ component: text });
  const [newest] = items;
  if (newest === undefined) throw new CliError('no-release', { component: text });
  return { component: text, version: newest.version };
}
