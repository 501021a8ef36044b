/**
 * The import table as data: which place a file belongs to, and what each place may import. ARCHITECTURE.md prints this table; the
 * architecture test applies it.
 */
export type Place =
  | 'domain'
  | 'errors'
  | 'settings'
  | 'port'
  | 'driver'
  | 'store'
  | 'views'
  | 'actions'
  | 'reconcile'
  | 'api'
  | 'main'
  | 'cli'
  | 'web'
  | 'contract'
  | 'oci'
  | 'workbench';

type Rule = { readonly folder: string; readonly pattern: RegExp; readonly may: readonly Place[]; readonly instead: string };

const everything: readonly Place[] = [
  'domain',
  'errors',
  'settings',
  'port',
  'driver',
  'store',
  'views',
  'actions',
  'reconcile',
  'api',
  'main',
  'cli',
  'web',
  'contract',
  'oci',
  'workbench',
];

/** In order: a file belongs to the first place whose pattern it fits. A file may always import its own place. */
export const law: Readonly<Record<Place, Rule>> = {
  domain: {
    folder: 'server/src/domain',
    pattern: /^server\/src\/domain\//,
    may: ['errors'],
    instead: 'The domain decides from values it is given: pass what it needs as an argument, time as `now`.',
  },
  errors: {
    folder: 'server/src/errors.ts',
    pattern: /^server\/src\/errors(\.ts$|\/)/,
    may: [],
    instead: 'The catalogue stands alone.',
  },
  settings: {
    folder: 'server/src/settings.ts',
    pattern: /^server\/src\/settings(\.test)?\.ts$/,
    may: ['domain', 'errors'],
    instead: 'Settings are read and checked only; main.ts acts on them.',
  },
  port: {
    folder: 'server/src/drivers/PORT/PORT.ts',
    pattern: /^server\/src\/drivers\/([a-z]+)\/\1\.ts$/,
    may: ['domain'],
    instead: 'A port speaks in types of the domain (`import type`); what a vendor needs stays in its folder.',
  },
  driver: {
    folder: 'server/src/drivers/PORT/VENDOR',
    pattern: /^server\/src\/drivers\//,
    may: ['port', 'domain', 'errors', 'oci'],
    instead: 'A driver knows its own port, the domain, the errors and oci; main.ts puts drivers together.',
  },
  views: {
    folder: 'server/src/store/views',
    pattern: /^server\/src\/store\/views\//,
    may: ['store', 'domain', 'errors'],
    instead: 'A view reads; it acts on nothing.',
  },
  store: {
    folder: 'server/src/store',
    pattern: /^server\/src\/store\//,
    may: ['views', 'domain', 'errors'],
    instead: 'The store keeps nouns of the domain; the reconcilers and actions decide.',
  },
  actions: {
    folder: 'server/src/actions',
    pattern: /^server\/src\/actions\//,
    may: ['domain', 'store', 'views', 'errors', 'port'],
    instead: 'An action sees ports, never a vendor: add what is missing to the port file and its contract suite.',
  },
  reconcile: {
    folder: 'server/src/reconcile',
    pattern: /^server\/src\/reconcile\//,
    may: ['actions', 'domain', 'store', 'views', 'errors', 'port'],
    instead: 'A reconciler sees ports, never a vendor: add what is missing to the port file and its contract suite.',
  },
  api: {
    folder: 'server/src/api',
    pattern: /^server\/src\/api\//,
    may: ['actions', 'views', 'domain', 'errors', 'contract'],
    instead: 'A route authenticates, validates, authorizes, acts and presents: put the work in an action, the reading in a view.',
  },
  main: { folder: 'server/src/main.ts', pattern: /^server\/src\/[a-z-]+\.ts$/, may: everything, instead: '' },
  cli: {
    folder: 'cli',
    pattern: /^cli\//,
    may: ['contract', 'oci'],
    instead: 'The command line talks to the server over HTTP through contract/, and to registries through oci/.',
  },
  web: { folder: 'web', pattern: /^web\//, may: ['contract'], instead: 'The console talks to the server over HTTP through contract/.' },
  contract: {
    folder: 'contract',
    pattern: /^contract\//,
    may: [],
    instead: 'The contract is what others build on; move what it needs into contract/.',
  },
  oci: {
    folder: 'oci',
    pattern: /^oci\//,
    may: [],
    instead: 'oci/ knows images and registries, nothing of Beluga; pass it what it needs.',
  },
  workbench: { folder: 'dev, bench, server/test', pattern: /^(dev|bench|server\/test)\//, may: everything, instead: '' },
};

/** Modules that touch the world, and the places that may: `pattern` fits files, from the checkout's root. */
export const worldly: readonly { readonly modules: readonly string[]; readonly pattern: RegExp; readonly where: string }[] = [
  {
    modules: ['fs', 'fs/promises', 'child_process', 'net', 'tls', 'https', 'http2', 'dgram', 'dns', 'dns/promises', 'worker_threads'].map(
      (name) => `node:${name}`,
    ),
    pattern: /^(server\/src\/(drivers\/[a-z]+\/[a-z]+|store\/|main\.ts$)|cli\/|oci\/|contract\/publish\.ts$|dev\/|bench\/|server\/test\/)/,
    where: 'drivers/PORT/VENDOR, store, main.ts, cli and oci',
  },
  {
    modules: ['node:http'],
    pattern: /^(server\/src\/(drivers\/[a-z]+\/[a-z]+|api\/|main\.ts$)|cli\/|oci\/|dev\/|bench\/|server\/test\/)/,
    where: 'drivers/PORT/VENDOR, api, main.ts, cli and oci',
  },
  { modules: ['pg', 'kysely'], pattern: /^(server\/src\/store\/|server\/test\/|bench\/)/, where: 'store' },
  { modules: ['dockerode'], pattern: /^(server\/src\/drivers\/engine\/[a-z]+\/|server\/test\/|bench\/)/, where: 'drivers/engine/VENDOR' },
  { modules: ['fastify'], pattern: /^server\/(src\/(api\/|main\.ts$|drivers\/registry\/)|test\/)/, where: 'api and main.ts' },
];

/** The places that read no clock: time comes in as an argument. */
export const clockless: readonly Place[] = ['domain', 'errors', 'port', 'views', 'actions', 'reconcile', 'api', 'contract'];

/** Tests and benches, and what only they import: contract suites, `for-tests` files, rigs of real engines. */
export const isTest = (file: string): boolean =>
  /\.(test|contract)\.tsx?$/.test(file) ||
  /(^|[-/])(for-tests|subject)\.ts$/.test(file) ||
  /^(bench|web\/test|server\/(test|src\/.*\/rig))\//.test(file);

/** The place a file belongs to; null when the table has none for it. */
export function placeOf(file: string): Place | null {
  const found = Object.entries(law).find(([, rule]) => rule.pattern.test(file));
  return found === undefined ? null : (found[0] as Place);
}
