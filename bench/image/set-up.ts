/** What the bench needs besides what the tests install. */
import { program } from './contender.ts';

/** Installs the peers that are missing from the distribution, and says so. */
export async function setUpPeers(say: (text: string) => void): Promise<void> {
  const packages = { docker: 'docker.io', podman: 'podman', buildah: 'buildah' };
  const missing: string[] = [];
  for (const [name, packaged] of Object.entries(packages)) {
    const there = await program(name, ['--version']).catch(() => null);
    if (there === null) missing.push(packaged);
  }
  if (missing.length === 0) return;
  say(`installing ${missing.join(', ')} with apt-get, to be measured against`);
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  await program('apt-get', ['update'], quiet);
  await program('apt-get', ['install', '--yes', '--no-install-recommends', ...missing], quiet);
}
