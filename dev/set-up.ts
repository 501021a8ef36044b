/** What the tests need on this machine beyond npm's packages: two engines, a router, a second registry, a second client. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ended } from './spawned.ts';

type Need = { readonly program: string; readonly packages: readonly string[]; readonly why: string };

const needs: readonly Need[] = [
  { program: 'git', packages: ['git'], why: 'commits to ship' },
  { program: 'haproxy', packages: ['haproxy'], why: 'the router' },
  { program: 'dockerd', packages: ['docker.io', 'iptables'], why: 'an engine' },
  { program: 'iptables', packages: ['iptables'], why: "the engine's networks" },
  { program: 'podman', packages: ['podman', 'containernetworking-plugins'], why: 'another engine' },
  { program: 'runc', packages: ['runc'], why: 'Podman where cgroups are hybrid' },
  { program: 'docker-registry', packages: ['docker-registry'], why: 'a registry that is not ours' },
  { program: 'chromium', packages: ['chromium'], why: 'a browser for the console' },
  { program: 'skopeo', packages: ['skopeo'], why: 'a registry client that is not ours' },
  { program: 'buildah', packages: ['buildah'], why: 'a builder of Containerfiles without a daemon' },
];

/** Installs what is missing from the distribution, and says so before; false, with the reason printed, where it cannot. */
export async function setUp(): Promise<boolean> {
  const missing = needs.filter(({ program }) => !isInstalled(program));
  if (missing.length === 0) return tell('nothing is missing', true);
  const packages = [...new Set(missing.flatMap((need) => need.packages))];
  for (const { packages: names, why } of missing) tell(`${names.join(', ')}: ${why}`, true);
  if (process.getuid?.() !== 0) return tell(`Only root can install them. Remedy: sudo apt-get install ${packages.join(' ')}`, false);
  if (!isInstalled('apt-get')) return tell(`There is no apt-get here. Remedy: install ${packages.join(', ')} by hand.`, false);
  const options = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  return (await apt([...options, 'update'])) && (await apt([...options, 'install', '--yes', '--no-install-recommends', ...packages]));
}

async function apt(words: readonly string[]): Promise<boolean> {
  const assignments = ['DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C'];
  const { exitCode, output, seconds } = await ended('env', [...assignments, 'apt-get', ...words], '/');
  if (exitCode === 0) return tell(`apt-get ${words.slice(4).join(' ')} took ${seconds.toFixed(1)} s`, true);
  const last = output.trim().split('\n').slice(-8).join('\n');
  return tell(
    `apt-get ${words.slice(4).join(' ')} ended with code ${exitCode}:\n${last}\nRemedy: mend the cause, then run npm test again.`,
    false,
  );
}

function isInstalled(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function tell(sentence: string, good: boolean): boolean {
  process.stdout.write(`${good ? '    ' : 'FAIL '}${sentence}\n`);
  return good;
}
