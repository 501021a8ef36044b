/**
 * The catalogue of the image library: every refusal it can give, with a stable code, a sentence and a remedy.
 *
 * `retry` says whether the same call may succeed later without anything being changed by the caller.
 */
type Entry = { readonly sentence: string; readonly remedy: string; readonly retry: boolean };

export const catalogue = {
  'artifact-missing': {
    sentence: 'There is no folder at {folder}.',
    remedy: 'Build the component first, or correct build.artifact in beluga.yaml.',
    retry: false,
  },
  'artifact-empty': {
    sentence: 'The folder {folder} holds nothing to put in an image.',
    remedy: 'Build the component first, or correct build.artifact in beluga.yaml and .belugaignore.',
    retry: false,
  },
  'artifact-changed': {
    sentence: 'The file {file} changed while it was being read.',
    remedy: 'Let the build that writes it end, then build the image again.',
    retry: true,
  },
  'artifact-unreadable': {
    sentence: 'The file {file} cannot be read: {problem}.',
    remedy: 'Give the user who builds the right to read it, or name it in .belugaignore.',
    retry: false,
  },
  'link-leaves-folder': {
    sentence: 'The link {file} points to {target}, outside the folder {folder}.',
    remedy: 'Replace the link by what it points to, make it relative and inside the folder, or name it in .belugaignore.',
    retry: false,
  },
  'special-file': {
    sentence: '{file} is a {kind}; an image holds only files, folders and links.',
    remedy: 'Remove it, or name it in .belugaignore.',
    retry: false,
  },
  'name-not-utf8': {
    sentence: 'The folder {folder} holds a name that is not UTF-8: {name}.',
    remedy: 'Rename it, or name its folder in .belugaignore.',
    retry: false,
  },
  'dependencies-outside': {
    sentence: 'The dependencies folder {dependencies} is not inside the artifact.',
    remedy: 'Give build.dependencies as paths relative to the artifact, without "..".',
    retry: false,
  },
  'disk-full': {
    sentence: 'The disk that holds {folder} is full.',
    remedy: 'Free some space; nothing half-written was kept.',
    retry: true,
  },
  'cache-unwritable': {
    sentence: 'The cache folder {folder} cannot be written: {problem}.',
    remedy: 'Give the user who builds the right to write it, or name another folder with BELUGA_HOME.',
    retry: false,
  },
  'cache-damaged': {
    sentence: 'The cached content {digest} is damaged.',
    remedy: 'Build again: the damaged entry was removed.',
    retry: true,
  },
  'invalid-reference': {
    sentence: '"{reference}" is not an image reference: {problem}.',
    remedy: 'Write it as host:port/name:tag or host:port/name@sha256:….',
    retry: false,
  },
  'registry-unreachable': {
    sentence: 'The registry {registry} does not answer: {problem}.',
    remedy: 'Check that it runs and that this machine can reach it, then try again; what was sent is kept.',
    retry: true,
  },
  'registry-failed': {
    sentence: 'The registry {registry} failed with {status} on {what}: {problem}.',
    remedy: 'Try again later; if it lasts, ask those who run the registry.',
    retry: true,
  },
  'registry-full': {
    sentence: 'The registry {registry} has no space for {what}: {problem}.',
    remedy: 'Free some space where it keeps its images, then try again; nothing half-written was kept.',
    retry: false,
  },
  'registry-refused': {
    sentence: 'The registry {registry} refused {what} with {status}: {problem}.',
    remedy: 'Check the name of the image and what this account may do there.',
    retry: false,
  },
  'unauthorized-registry': {
    sentence: 'The registry {registry} does not accept the credentials for {what}: {problem}.',
    remedy: 'Log in with `docker login {registry}`, or give credentials that may do this.',
    retry: false,
  },
  'credential-helper-failed': {
    sentence: 'The credential helper {helper} gave nothing for {registry}: {problem}.',
    remedy: 'Check credHelpers and credsStore in the Docker configuration, or log in again.',
    retry: false,
  },
  'credentials-unreadable': {
    sentence: 'The credentials for {registry} in {file} cannot be read: {problem}.',
    remedy: 'Write user:password on one line, or give the config.json that `docker login` wrote, readable by this user.',
    retry: false,
  },
  'digest-mismatch': {
    sentence: 'The content of {digest} from {source} is not what its digest says.',
    remedy: 'Try again; if it lasts, the registry or a proxy in between is damaged.',
    retry: true,
  },
  'image-missing': {
    sentence: 'The registry does not hold {image}.',
    remedy: 'Check the name; push the image first.',
    retry: false,
  },
  'blob-missing': {
    sentence: 'The registry does not hold {digest} in {repository}.',
    remedy: 'Push the image again: the registry lost a part of it.',
    retry: false,
  },
  'not-an-image': {
    sentence: '{image} is not an image this library can read: {problem}.',
    remedy: 'Use an OCI image or a Docker image of schema 2.',
    retry: false,
  },
  'platform-missing': {
    sentence: '{image} has no image for {platform}.',
    remedy: 'Choose one of: {known}.',
    retry: false,
  },
  'base-not-pinned': {
    sentence: '{file}:{line}: FROM {image} cannot be pinned to a digest: {problem}.',
    remedy: 'Name an image that a registry gives, write its digest (name@sha256:…), or give the ARG a default.',
    retry: false,
  },
  'not-on-base': {
    sentence: '{image} does not stand on {base}: its lowest layers are others.',
    remedy: 'Rebase it from the base it was built on, or build it again.',
    retry: false,
  },
  'layer-refused': {
    sentence: 'A layer was not unpacked: {problem}.',
    remedy: 'Do not use this image; ask those who built it.',
    retry: false,
  },
  'program-missing': {
    sentence: 'The program {program} cannot be read: {problem}.',
    remedy: 'Name a program of this machine with its full path.',
    retry: false,
  },
} as const satisfies Record<string, Entry>;

export type OciErrorCode = keyof typeof catalogue;

type Words = Readonly<Record<string, string | number>>;

/** A refusal from the catalogue, with the words that fill its sentence. */
export class OciError extends Error {
  readonly code: OciErrorCode;
  readonly remedy: string;
  readonly retry: boolean;
  readonly words: Words;

  constructor(code: OciErrorCode, words: Words = {}, options: { readonly cause?: unknown } = {}) {
    super(fill(catalogue[code].sentence, words), options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'OciError';
    this.code = code;
    this.remedy = fill(catalogue[code].remedy, words);
    this.retry = catalogue[code].retry;
    this.words = words;
  }
}

/** The code of a system error (`ENOENT`, `ECONNRESET`, …), or an empty string. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What went wrong in a few words, for the `{problem}` of a sentence. */
export function problemOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return problemOf(error.errors[0]);
  return error instanceof Error ? error.message || systemCode(error) || error.name : String(error);
}

function fill(sentence: string, words: Words): string {
  return sentence.replace(/\{(\w+)\}/g, (hole, word: string) => String(words[word] ?? hole));
}
