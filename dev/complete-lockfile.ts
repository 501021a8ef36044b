/**
 * Writes into package-lock.json the optional packages of other platforms that the registry did not offer when it was made.
 *
 * `npm ci` refuses a lockfile that lacks one of them, on every machine. An entry added here names its platform, so npm never
 * fetches it on a platform that is not its own. Run it after `npm install`; it changes nothing where nothing is missing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Package = {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const path = join(import.meta.dirname, '..', 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: Record<string, object> };
const added = missing(lock.packages);
if (Object.keys(added).length > 0) {
  const entries = Object.entries({ ...lock.packages, ...added }).sort(([one], [other]) => one.localeCompare(other, 'en'));
  writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
}
process.stderr.write(`${Object.keys(added).length} entries added to package-lock.json\n`);

function missing(packages: Readonly<Record<string, Package>>): Record<string, object> {
  const found: Record<string, object> = {};
  for (const [from, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const key = `node_modules/${name}`;
      if (packages[key] === undefined && packages[`${from}/${key}`] === undefined) found[key] = entryOf(name, version, entry.dev === true);
    }
  }
  return found;
}

function entryOf(name: string, version: string, dev: boolean): object {
  const words = name.split(/[/-]/);
  const os = words.filter((word) => systems.includes(word));
  const cpu = words.filter((word) => processors.includes(word));
  const musl = words.some((word) => word.startsWith('musl'));
  return {
    version: version.replace(/^[\^~]/, ''),
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(dev ? { dev } : {}),
    ...(musl ? { libc: ['musl'] } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}
