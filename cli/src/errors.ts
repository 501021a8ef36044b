/**
 * The catalogue: every refusal the command can give by itself, with a stable code, a sentence and a remedy. `docs/errors.md` lists
 * the same. What the server refuses has its own catalogue and arrives with its code and remedy.
 *
 * `retry` says whether the same command may succeed later without anything being changed by the caller.
 */
type Entry = { readonly sentence: string; readonly remedy: string; readonly retry: boolean };

export const catalogue = {
  usage: { sentence: '{problem}', remedy: 'Add --help to the command to see what it takes.', retry: false },
  'not-up': {
    sentence: 'No platform runs here: {problem}.',
    remedy: 'Start it with `beluga up`, or name another one with BELUGA_URL and BELUGA_TOKEN.',
    retry: false,
  },
  'no-token': {
    sentence: 'There is no token for {url}.',
    remedy: 'Set BELUGA_TOKEN, or run this as the user who ran `beluga up` (the token is in {file}).',
    retry: false,
  },
  'certificates-unreadable': {
    sentence: 'The certificates in {file} cannot be read: {problem}.',
    remedy: 'Give --ca (or BELUGA_CA) a file with certificates in PEM, as your security team hands them out.',
    retry: false,
  },
  'server-unreachable': {
    sentence: 'The server at {url} does not answer: {problem}.',
    remedy: 'Run `beluga status` or `beluga up`; what runs goes on without it.',
    retry: true,
  },
  'server-stopped': {
    sentence: 'The server ended while it started: {problem}.',
    remedy: '{remedy}',
    retry: true,
  },
  'server-slow': {
    sentence: 'The server did not answer within {seconds} s.',
    remedy: 'Read the last lines of {log}; `beluga doctor` tells what is missing.',
    retry: true,
  },
  'stop-failed': { sentence: 'The platform could not be stopped: {problem}.', remedy: 'Read {log}, then try again.', retry: true },
  'folder-missing': { sentence: 'There is no folder {folder}.', remedy: 'Name the folder that holds beluga.yaml.', retry: false },
  'manifest-missing': {
    sentence: 'There is no beluga.yaml in {folder}.',
    remedy: 'Write one with `beluga init`, or name the folder that holds it.',
    retry: false,
  },
  'manifest-unreadable': { sentence: '{file} cannot be read: {problem}.', remedy: 'Make it readable for this user.', retry: false },
  'manifest-wrong': { sentence: '{problem}.', remedy: '{remedy}', retry: false },
  'platform-file-unreadable': {
    sentence: '{file} cannot be read: {problem}.',
    remedy: 'Name the platform.yaml to check.',
    retry: false,
  },
  'platform-file-wrong': { sentence: '{problem}.', remedy: '{remedy}', retry: false },
  'manifest-exists': { sentence: '{file} exists already.', remedy: 'Edit it; `beluga build` says what is wrong in it.', retry: false },
  'artifact-missing': {
    sentence: 'The artifact {folder} is missing.',
    remedy: 'Build the component first, or mend build.artifact in {manifest}.',
    retry: false,
  },
  'packages-missing': {
    sentence: '{folder} has a package-lock.json and no node_modules: the image would start without its packages.',
    remedy: 'Run npm ci --omit=dev there first, or add package-lock.json to .belugaignore when the image needs none of them.',
    retry: false,
  },
  'builder-missing': {
    sentence: 'No program that builds a Containerfile answers here: {names}.',
    remedy: 'Start Docker, or install Podman or Buildah; BELUGA_BUILDER names the one to use.',
    retry: false,
  },
  'builder-failed': {
    sentence: '{builder} could not build {file}: {problem}.',
    remedy: 'Read its last lines and mend the Containerfile.',
    retry: false,
  },
  'nothing-to-watch': {
    sentence: '{manifest} names an image or a Containerfile: there is no folder to watch.',
    remedy: 'Watch a component that is assembled from its artifact, or build this one without --watch.',
    retry: false,
  },
  'unknown-socle': {
    sentence: 'No socle is called {socle}.',
    remedy: 'Choose one of: {known}. `beluga up` records the default one.',
    retry: false,
  },
  'not-committed': {
    sentence: '{folder} has changes that are in no commit: {files}.',
    remedy: 'Commit them, or release them all the same with --allow-dirty.',
    retry: false,
  },
  'no-commit': {
    sentence: '{folder} has no commit to name a version from.',
    remedy: 'Commit it with git, or name the version: --version 1.0.0.',
    retry: false,
  },
  'git-missing': { sentence: 'git is not on this machine.', remedy: 'Install it: apt-get install git.', retry: false },
  'repository-of-another': {
    sentence: 'git does not trust {folder}: it belongs to another user.',
    remedy: 'Run this as its owner, or allow it: git config --global --add safe.directory {folder}',
    retry: false,
  },
  'git-failed': {
    sentence: 'git could not read {folder}: {problem}.',
    remedy: 'Mend the repository, or name the version with --version.',
    retry: false,
  },
  'no-release': {
    sentence: 'Component {component} has no release.',
    remedy: 'Register one with `beluga release` in its folder.',
    retry: false,
  },
  'timed-out': {
    sentence: 'Deployment {id} was still {state} after {seconds} s.',
    remedy: 'It goes on by itself: `beluga deployments` shows it, `beluga cancel {id}` ends it.',
    retry: true,
  },
  'train-still-moves': {
    sentence: 'Train {train} was still {state} after {seconds} s.',
    remedy: 'It goes on by itself: `beluga train show {train}` shows where it is.',
    retry: true,
  },
  'audit-broken': {
    sentence: 'The audit log was changed: entry {number} does not follow from the one before.',
    remedy: 'Compare it with an earlier export; everything from this entry on cannot be trusted.',
    retry: false,
  },
  'file-unreadable': { sentence: '{file} cannot be read: {problem}.', remedy: 'Name a file that this user can read.', retry: false },
  'report-unreadable': {
    sentence: '{file} cannot be read as a report: {problem}.',
    remedy: 'Give JUnit XML for tests; SARIF, CycloneDX or the JSON of Trivy for a scan.',
    retry: false,
  },
  'outcome-missing': {
    sentence: 'Nothing says whether it passed or failed: {what}.',
    remedy: 'Add --outcome passed or --outcome failed.',
    retry: false,
  },
  'outcome-contradicted': {
    sentence: '{file} says otherwise than --outcome passed: {summary}.',
    remedy: 'Leave --outcome away: the report decides.',
    retry: false,
  },
  'file-unwritable': { sentence: '{file} cannot be written: {problem}.', remedy: 'Name a folder that this user can write.', retry: false },
  'not-root': {
    sentence: 'Only root can install what this machine lacks: {missing}.',
    remedy: 'Run `sudo beluga up`, or let an administrator run: {how}',
    retry: false,
  },
  'engine-silent': {
    sentence: 'No engine answers on {socket}: {problem}.',
    remedy: 'Start Docker or Podman there, or unset {setting} so that Beluga finds or installs one.',
    retry: true,
  },
  'engine-forbidden': {
    sentence: 'This user may not use the engine on {socket}.',
    remedy: 'Run as root, or join the group that owns the socket (usually docker) and log in again.',
    retry: false,
  },
  'engine-start-failed': {
    sentence: '{engine} did not start: {problem}.',
    remedy: 'Read {log}; mend the cause, then try again.',
    retry: true,
  },
  'no-package-manager': {
    sentence: 'Beluga can install {missing} only with apt, which {system} does not have.',
    remedy: 'Install {missing} by hand, then try again.',
    retry: false,
  },
  'mirror-unreachable': {
    sentence: 'apt cannot reach its package mirror: {problem}.',
    remedy: 'Check the network, the proxy and /etc/apt/sources.list, then try again.',
    retry: true,
  },
  'apt-busy': {
    sentence: 'Another program holds the lock of apt after {seconds} s: {holder}.',
    remedy: 'Let it end, then try again.',
    retry: true,
  },
  'apt-failed': {
    sentence: 'apt could not install {missing}: {problem}.',
    remedy: 'Read {log}; mend the cause, then try again.',
    retry: true,
  },
  'disk-full': {
    sentence: 'The disk that holds {folder} has {freeMb} MB left, and {neededMb} MB are needed.',
    remedy: 'Free some space, then try again; nothing was changed.',
    retry: true,
  },
  'port-taken': {
    sentence: 'Port {port} on {host} is already taken by another program{holder}.',
    remedy: 'Stop that program or set {setting} to a free port.',
    retry: false,
  },
  'invalid-setting': { sentence: '{setting} is {value}: {problem}.', remedy: '{remedy}', retry: false },
  'state-folder': {
    sentence: 'The state folder {folder} cannot be written: {problem}.',
    remedy: 'Set BELUGA_HOME to a folder that this user can write.',
    retry: false,
  },
  'already-starting': {
    sentence: 'Another `beluga` (process {pid}) is starting or stopping this platform.',
    remedy: 'Let it end, then try again.',
    retry: true,
  },
  'socle-file-unreadable': {
    sentence: '{file} cannot be read: {problem}.',
    remedy: 'Name the folder that holds socle.yaml.',
    retry: false,
  },
  'socle-file-wrong': { sentence: '{problem}.', remedy: '{remedy}', retry: false },
  'socle-failed': {
    sentence: 'The socle {socle} could not be made: {problem}.',
    remedy: 'Run `beluga up` again; BELUGA_VENDOR_BASE names another vendor base.',
    retry: true,
  },
  unhealthy: { sentence: '{problem}', remedy: '{remedy}', retry: false },
  internal: {
    sentence: 'Something broke in the command: {problem}.',
    remedy: 'Run it again with BELUGA_DEBUG=1 and report what it prints.',
    retry: false,
  },
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof catalogue;
type Words = Readonly<Record<string, string | number>>;

/** A refusal from the catalogue, with the words that fill its sentence. */
export class CliError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly retry: boolean;
  /** The last lines of whatever failed, if any. */
  readonly log: readonly string[];

  constructor(code: ErrorCode, words: Words = {}, options: { cause?: unknown; log?: readonly string[] } = {}) {
    super(fill(catalogue[code].sentence, words), options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'CliError';
    this.code = code;
    this.remedy = fill(catalogue[code].remedy, words);
    this.retry = catalogue[code].retry;
    this.log = options.log ?? [];
  }
}

function fill(sentence: string, words: Words): string {
  return sentence.replace(/\{(\w+)\}/g, (hole, word: string) => String(words[word] ?? hole));
}
