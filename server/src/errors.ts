/**
 * The catalogue: every refusal the server can give, with a stable code, a sentence and a remedy. `docs/errors.md` lists the same.
 *
 * `retry` says whether the same request may succeed later without anything being changed by the caller.
 */
import { databaseErrors } from './errors/database.ts';
import type { Entry } from './errors/entry.ts';
import { gateErrors } from './errors/gates.ts';

export const catalogue = {
  'not-found': {
    sentence: 'There is nothing at {path}.',
    remedy: 'See /api/v1/openapi.json for what there is.',
    retry: false,
  },
  'invalid-request': {
    sentence: 'The request does not fit: {problem}.',
    remedy: 'Send what /api/v1/openapi.json describes.',
    retry: false,
  },
  'request-too-large': {
    sentence: 'The request is larger than {most}.',
    remedy: 'Send less: large files belong into the image, not into the manifest.',
    retry: false,
  },
  unauthorized: {
    sentence: 'The request has no token that this platform knows.',
    remedy: 'Send Authorization: Bearer <token>; `beluga up` wrote the token to the state folder.',
    retry: false,
  },
  'sign-in-refused': {
    sentence: 'This platform does not know that token.',
    remedy: 'Paste the text of the file `token` in the state folder, or run `beluga open` for a link.',
    retry: false,
  },
  'link-used': {
    sentence: 'This link was used already, or is older than ten minutes.',
    remedy: 'Run `beluga open` for a new one.',
    retry: false,
  },
  'unknown-component': {
    sentence: 'No component is called {component}.',
    remedy: 'Register a release of it first with `beluga release`; the known ones are: {known}.',
    retry: false,
  },
  'unknown-environment': {
    sentence: 'No environment is called {environment}.',
    remedy: 'Choose one of: {known}.',
    retry: false,
  },
  'unknown-version': {
    sentence: 'Component {component} has no release {version}.',
    remedy: 'Choose one of its releases: {known}.',
    retry: false,
  },
  'unknown-deployment': { sentence: 'No deployment is called {id}.', remedy: 'List them with `beluga deployments`.', retry: false },
  'unknown-train': {
    sentence: 'No train is called {train}.',
    remedy: 'Make it with `beluga train create`; the known ones are: {known}.',
    retry: false,
  },
  'train-exists': {
    sentence: 'A train is called {train} already.',
    remedy: 'Choose another name; `beluga train list` shows them.',
    retry: false,
  },
  'train-dates': {
    sentence: 'The dates of the train are out of order: {date} is before {after}.',
    remedy: 'Write them in the order opensAt, locksAt, rehearsalAt, departsAt.',
    retry: false,
  },
  'train-closed': {
    sentence: 'Train {train} {state}, so it cannot {what}.',
    remedy: '`beluga train show {train}` says where it stands and what comes next.',
    retry: false,
  },
  'train-unfit': {
    sentence: 'The releases of train {train} do not fit together: {faults}',
    remedy: 'Put other versions on it (`beluga train add`), or take off what does not fit (`beluga train remove`).',
    retry: false,
  },
  'train-held': {
    sentence: 'Train {train} cannot {what} yet: {obstacles}',
    remedy: 'Clear what is named; `beluga train show {train}` says for each release what is left.',
    retry: false,
  },
  'train-plan-changed': {
    sentence: 'What train {train} would install changed since it was looked at.',
    remedy: 'Look at it again, `beluga train show {train}`, and decide about that.',
    retry: false,
  },
  'not-aboard': {
    sentence: 'Train {train} carries no release of {component}.',
    remedy: '`beluga train show {train}` lists what it carries.',
    retry: false,
  },
  'unknown-instance': { sentence: 'No instance is called {instance}.', remedy: 'List them with `beluga instances`.', retry: false },
  'wrong-expression': {
    sentence: '{expression} is no regular expression: {problem}.',
    remedy: 'Write it in the syntax of RE2 (https://github.com/google/re2/wiki/Syntax), which has no look-around and no back-references.',
    retry: false,
  },
  'release-exists': {
    sentence: 'Release {component}@{version} already names {existing}, not {offered}.',
    remedy: 'A release never changes: publish the new content under a new version.',
    retry: false,
  },
  'image-missing': {
    sentence: 'The registry does not hold {image}.',
    remedy: 'Push the image first (`beluga build`), then register the release.',
    retry: false,
  },
  'socle-deprecated': {
    sentence: 'Socle {socle} is deprecated: {reason}.',
    remedy: 'Move to another one: `beluga socle list` shows which.',
    retry: false,
  },
  'socle-instead-of-itself': {
    sentence: 'Socle {socle} cannot be used instead of itself.',
    remedy: 'Name another socle, or none.',
    retry: false,
  },
  'not-on-a-socle': {
    sentence: 'Release {release} stands on no socle that is recorded.',
    remedy: 'Record its base with `beluga socle build`, or build the component again on a socle.',
    retry: false,
  },
  'runtime-differs': {
    sentence: 'Release {release} cannot be moved to socle {socle}: {problem}.',
    remedy: 'Build the component again on the new socle, and test it there.',
    retry: false,
  },
  'rebase-changes-application': {
    sentence: 'The image offered for {release} has other layers of the application than the release.',
    remedy: 'Move it with `beluga socle rebase`; what changes the application is a release of its own.',
    retry: false,
  },
  'nothing-to-roll-back': {
    sentence: 'Component {component} has no former release in {environment} to go back to.',
    remedy: 'Name the version to install with `beluga rollback --to VERSION`.',
    retry: false,
  },
  'not-cancellable': {
    sentence: 'Deployment {id} has ended: {state}.',
    remedy: 'Nothing is left to cancel; `beluga rollback` installs the former release.',
    retry: false,
  },
  'not-a-job': { sentence: 'Component {component} is not a Job.', remedy: 'Only a Job has runs.', retry: false },
  'not-a-service': {
    sentence: 'Component {component} is not a Service.',
    remedy: 'Only a Service has instances to count; a Job has runs.',
    retry: false,
  },
  'nothing-drifts': {
    sentence: 'Nothing of {component} in {environment} runs otherwise than it was recorded.',
    remedy: 'See what did with `beluga drift {component}`.',
    retry: false,
  },
  'not-deployed': {
    sentence: 'Component {component} is not installed in {environment}.',
    remedy: 'Deploy it first: `beluga deploy {component} --to {environment}`.',
    retry: false,
  },
  'engine-unreachable': {
    sentence: 'The engine does not answer on {socket}: {problem}.',
    remedy: 'Start Docker or Podman, then try again; what runs goes on. `beluga doctor` tells more.',
    retry: true,
  },
  'router-unreachable': {
    sentence: 'The router does not answer: {problem}.',
    remedy: 'Run `beluga up`; it starts the router again from its recorded configuration.',
    retry: true,
  },
  'pull-failed': {
    sentence: 'The engine could not pull {image}: {problem}.',
    remedy: 'Check that the registry holds it and answers.',
    retry: true,
  },
  'start-failed': { sentence: 'Instance {instance} could not start: {problem}.', remedy: 'Check the command and the image.', retry: false },
  'never-ready': {
    sentence: 'Instance {instance} was not ready within {seconds} s: {problem}.',
    remedy: 'Read its last lines; it must listen on port {port} and answer its health path.',
    retry: false,
  },
  crashes: {
    sentence: 'Instance {instance} ended with code {exitCode} before it was ready.',
    remedy: 'Read its last lines.',
    retry: false,
  },
  'check-failed': {
    sentence: 'Instance {instance} answered {path} with {got}, not {expected}.',
    remedy: 'Mend the release; the former one still serves.',
    retry: false,
  },
  'canary-worse': {
    sentence: 'The canary is worse than the former version: {reason}.',
    remedy: 'Mend the release; the former one answered what the canary failed to, where that could be asked twice.',
    retry: false,
  },
  'canary-unproven': {
    sentence: 'The canary could not be judged within {seconds} s: {reason}.',
    remedy: 'Deploy when there is traffic, lower run.rollout.analysis.requests, or use another strategy in this environment.',
    retry: false,
  },
  'deadline-passed': {
    sentence: 'The rollout was not done within {seconds} s.',
    remedy: 'Read which step took so long; run.rollout.deadline allows more.',
    retry: false,
  },
  'before-failed': {
    sentence: 'Task {task} before the rollout ended with code {exitCode}.',
    remedy: 'Read its last lines and mend it; nothing new was started, and it runs again with the next deployment.',
    retry: false,
  },
  'would-stop-serving': {
    sentence: 'Refused to take {instances} away: nothing healthy would serve {component} in {environment}.',
    remedy: 'Bring a healthy set first.',
    retry: false,
  },
  'no-port-left': {
    sentence: 'All ports for addresses are given: {first} to {last}.',
    remedy: 'Widen BELUGA_APPLICATION_PORTS and restart.',
    retry: false,
  },
  'port-taken': {
    sentence: 'Port {port} on {host} is already taken by another program.',
    remedy: 'Stop that program or set {setting} to a free port.',
    retry: false,
  },
  'disk-full': {
    sentence: 'The disk that holds {folder} is full.',
    remedy: 'Free some space; nothing half-written was kept.',
    retry: true,
  },
  ...gateErrors,
  'platform-file-unreadable': {
    sentence: '{file} cannot be read: {problem}.',
    remedy: 'Name a file that the server can read in BELUGA_PLATFORM_FILE, or unset it.',
    retry: false,
  },
  'platform-file-wrong': {
    sentence: '{problem}.',
    remedy: 'Mend platform.yaml, then start the server again; `beluga platform check` says the same without it.',
    retry: false,
  },
  'secret-missing': {
    sentence: '{where} in platform.yaml names {ref}, and the server has no such variable.',
    remedy: 'Set the variable {ref} for the server and start it again.',
    retry: false,
  },
  'invalid-setting': { sentence: '{setting} is {value}: {problem}.', remedy: '{remedy}', retry: false },
  'unknown-change': { sentence: 'No change is called {id}.', remedy: 'List them with `beluga changes`.', retry: false },
  'not-reviewable': {
    sentence: 'Change {id} takes no review: it is {why}.',
    remedy: 'A change is looked back at once, when it has ended.',
    retry: false,
  },
  'delivery-failed': { sentence: '{target} did not take it: {problem}.', remedy: 'It is tried again by itself.', retry: true },
  'delivery-refused': {
    sentence: '{target} refused it: {problem}.',
    remedy: 'Mend what it refuses, then send it again with `beluga delivery replay`.',
    retry: false,
  },
  'not-published': {
    sentence: 'Change {id} published nothing: it is {state}.',
    remedy: 'What was installed with success is published; `beluga change show {id}` tells the rest.',
    retry: false,
  },
  'unknown-delivery': { sentence: 'No delivery is called {id}.', remedy: 'List them with `beluga deliveries`.', retry: false },
  'not-replayable': {
    sentence: 'Delivery {id} is {state}.',
    remedy: 'Only one that is dead, or was sent, is sent again; a waiting one goes by itself.',
    retry: false,
  },
  'lease-lost': {
    sentence: 'Another server took over run {run}.',
    remedy: 'Nothing to do: the other server carries it on.',
    retry: false,
  },
  'unknown-socle': { sentence: 'No socle is called {socle}.', remedy: 'Choose one of: {known}.', retry: false },
  'registry-failed': {
    sentence: 'The registry did not give what was needed of {image}: {problem}.',
    remedy: 'Check that it answers this server, then try again; what runs goes on.',
    retry: true,
  },
  'image-unreadable': {
    sentence: 'The layers of {image} cannot be read: {problem}.',
    remedy: 'Build the image again; an image that cannot be looked into is not released.',
    retry: false,
  },
  'signing-key': { sentence: 'The signing key {key} cannot be used: {problem}.', remedy: '{remedy}', retry: false },
  'signer-unreachable': {
    sentence: 'What keeps the signing key, {keeper}, does not answer: {problem}.',
    remedy: 'Nothing can be registered until it does; what runs goes on.',
    retry: true,
  },
  'signature-missing': {
    sentence: 'No {kind} of {image} is signed by this platform: {problem}.',
    remedy: 'Register a new version of the component; find out who changed the registry.',
    retry: false,
  },
  'evidence-expired': {
    sentence: 'The evidence would prove nothing: it expired at {expiresAt}.',
    remedy: 'Give a time to come, or none when it does not age.',
    retry: false,
  },
  internal: {
    sentence: 'Something broke in the server: {problem}.',
    remedy: 'See the server log; the request changed nothing.',
    retry: true,
  },
  ...databaseErrors,
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof catalogue;

/** A refusal from the catalogue, with the words that fill its sentence. */
export class BelugaError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly retry: boolean;
  /** The last lines of the instance concerned, if any. */
  readonly log: readonly string[];

  constructor(
    code: ErrorCode,
    words: Readonly<Record<string, string | number>> = {},
    options: { cause?: unknown; log?: readonly string[] } = {},
  ) {
    super(fill(catalogue[code].sentence, words), options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'BelugaError';
    this.code = code;
    this.remedy = fill(catalogue[code].remedy, words);
    this.retry = catalogue[code].retry;
    this.log = options.log ?? [];
  }
}

function fill(sentence: string, words: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (hole, word: string) => String(words[word] ?? hole));
}
