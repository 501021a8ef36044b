/**
 * Every operation of the HTTP interface: its name, its method and its place, as data.
 *
 * It imports data only, so that the client starts in no time; `routes.ts` adds what goes in and comes out. `access` says who may call:
 * `public` everybody, `read` who may look, `write` who may change.
 */
import { gateOperations } from './gate-operations.ts';

export type Access = 'public' | 'read' | 'write';
export type Operation = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly summary: string;
  readonly access: Access;
  /** Answers with what is no JSON document: JSON a line, server-sent events, a calendar, an Atom feed. */
  readonly stream?: 'ndjson' | 'sse' | 'text' | 'atom';
};

export const base = '/api/v1';

export const operations = {
  health: { method: 'GET', url: '/health', access: 'public', summary: 'Whether the server answers.' },
  describeApi: { method: 'GET', url: '/openapi.json', access: 'public', summary: 'This interface as OpenAPI 3.1.' },
  showPlatform: {
    method: 'GET',
    url: '/platform',
    access: 'read',
    summary: 'What platform.yaml says, defaults filled in: environments with their gates, calendar, teams, channels, policies; no secret.',
  },
  status: { method: 'GET', url: '/status', access: 'read', summary: 'What runs where: every component in every environment.' },
  showRegistry: { method: 'GET', url: '/registry', access: 'read', summary: 'Where the images are, and how repositories are named there.' },
  listComponents: { method: 'GET', url: '/components', access: 'read', summary: 'The components that have a release.' },
  showComponent: {
    method: 'GET',
    url: '/components/:component',
    access: 'read',
    summary: 'A component with its stages, and what is between them.',
  },
  showEstate: {
    method: 'GET',
    url: '/estate',
    access: 'read',
    summary: 'The whole estate, now or as it was; what moves, what is red and why.',
  },
  openSession: {
    method: 'POST',
    url: '/sessions',
    access: 'public',
    summary: 'Signs a browser in with a token, or with the code of a link.',
  },
  showSession: { method: 'GET', url: '/session', access: 'read', summary: 'Who is signed in.' },
  closeSession: { method: 'POST', url: '/session/close', access: 'read', summary: 'Signs out.' },
  makeSignInLink: {
    method: 'POST',
    url: '/sign-in-links',
    access: 'write',
    summary: 'A code that signs a browser in, once, within ten minutes.',
  },
  listReleases: { method: 'GET', url: '/releases', access: 'read', summary: 'Releases, the newest first.' },
  showRelease: { method: 'GET', url: '/releases/:component/:version', access: 'read', summary: 'One release.' },
  registerRelease: {
    method: 'POST',
    url: '/releases',
    access: 'write',
    summary: 'Registers a release: 201 when it is new, 200 when the same one was there.',
  },
  listDeployments: { method: 'GET', url: '/deployments', access: 'read', summary: 'Deployments, the newest first.' },
  countInstallations: {
    method: 'GET',
    url: '/installations',
    access: 'read',
    summary: 'How many deployments of an environment began in each hour, and how many of them did not end well.',
  },
  showDeployment: {
    method: 'GET',
    url: '/deployments/:id',
    access: 'read',
    summary: 'One deployment with its steps, verdicts and ledger.',
  },
  requestDeployment: {
    method: 'POST',
    url: '/deployments',
    access: 'write',
    summary: 'Asks for a release to be deployed; a closed gate answers 201 with the state refused.',
  },
  cancelDeployment: {
    method: 'POST',
    url: '/deployments/:id/cancel',
    access: 'write',
    summary: 'Ends a deployment; what served before still serves.',
  },
  planDeployment: {
    method: 'POST',
    url: '/plans',
    access: 'read',
    summary: 'What a deployment would do and whether it may; changes nothing.',
  },
  rollBack: { method: 'POST', url: '/rollbacks', access: 'write', summary: 'Deploys a former release again.' },
  showScale: { method: 'GET', url: '/scale', access: 'read', summary: 'How many instances are wanted of a component, and why.' },
  setScale: {
    method: 'POST',
    url: '/scale',
    access: 'write',
    summary: 'Sets how many instances run, whatever the load; null lets scaling decide again.',
  },
  listInstances: { method: 'GET', url: '/instances', access: 'read', summary: 'The instances of a component in an environment.' },
  listDrift: {
    method: 'GET',
    url: '/drift',
    access: 'read',
    summary: 'What runs otherwise than it was recorded, the newest first, and when it was put right.',
  },
  repairDrift: {
    method: 'POST',
    url: '/drift/repair',
    access: 'write',
    summary: 'Puts right, once, what differs at a place and was only told.',
  },
  listSamples: {
    method: 'GET',
    url: '/samples',
    access: 'read',
    summary: 'What a component did and used over a time: requests, errors, latency, CPU, memory, instances.',
  },
  listLeftovers: {
    method: 'GET',
    url: '/leftovers',
    access: 'read',
    summary: 'What would be taken off the engine now because nothing needs it any more; changes nothing.',
  },
  clean: { method: 'POST', url: '/leftovers/removal', access: 'write', summary: 'Takes off the engine what nothing needs any more.' },
  readLogs: {
    method: 'GET',
    url: '/logs',
    access: 'read',
    stream: 'ndjson',
    summary: 'The log of all instances, merged; a JSON object a line.',
  },
  showConfig: {
    method: 'GET',
    url: '/config',
    access: 'read',
    summary: 'The configuration an instance is given, with the origin of each entry.',
  },
  listRuns: { method: 'GET', url: '/runs', access: 'read', summary: 'Runs of a job, the newest first.' },
  runJob: { method: 'POST', url: '/runs', access: 'write', summary: 'Runs a job now.' },
  listSocles: { method: 'GET', url: '/socles', access: 'read', summary: 'The socles that images stand on.' },
  showSocle: { method: 'GET', url: '/socles/:name', access: 'read', summary: 'One socle: its versions, and who stands on which.' },
  recordSocle: {
    method: 'PUT',
    url: '/socles/:name',
    access: 'write',
    summary: 'Records the image of a socle as its next version; the image it has already changes nothing.',
  },
  deprecateSocle: {
    method: 'POST',
    url: '/socles/:name/deprecation',
    access: 'write',
    summary: 'Says that nothing new should be built on a socle, and why.',
  },
  planRebase: {
    method: 'GET',
    url: '/socles/:name/rebase',
    access: 'read',
    summary: 'Who would move to the newest version of a socle, wave by wave; changes nothing.',
  },
  rebaseReleases: {
    method: 'POST',
    url: '/socles/:name/rebase',
    access: 'write',
    summary: 'Registers releases whose applications were moved to a socle; each is refused by itself.',
  },
  listEvidence: {
    method: 'GET',
    url: '/releases/:component/:version/evidence',
    access: 'read',
    summary: 'What was recorded about a release, the newest first.',
  },
  recordEvidence: {
    method: 'POST',
    url: '/releases/:component/:version/evidence',
    access: 'write',
    summary: 'Records a fact about a release: tests, quality, performance or a scan.',
  },
  listChanges: { method: 'GET', url: '/changes', access: 'read', summary: 'The changes of production deployments, the newest first.' },
  showChange: {
    method: 'GET',
    url: '/changes/:id',
    access: 'read',
    summary: 'One change with its facts; also found by the identifier of its deployment.',
  },
  reviewChange: { method: 'POST', url: '/changes/:id/review', access: 'write', summary: 'Looks back at a change that has ended, once.' },
  approveChange: {
    method: 'POST',
    url: '/changes/:id/approve',
    access: 'write',
    summary: 'Approves the plan of a change that waits for it; never the own one, and only the plan whose hash is told.',
  },
  refuseChange: {
    method: 'POST',
    url: '/changes/:id/refuse',
    access: 'write',
    summary: 'Says no to the plan of a change that waits for approval; its deployment ends refused.',
  },
  cancelChange: {
    method: 'POST',
    url: '/changes/:id/cancel',
    access: 'write',
    summary: 'Calls a change off: its deployment ends, what served before still serves.',
  },
  showCompliance: {
    method: 'GET',
    url: '/releases/:component/:version/compliance',
    access: 'read',
    summary: 'Whether the image of a release conforms today, computed from its layers.',
  },
  showSbom: {
    method: 'GET',
    url: '/releases/:component/:version/sbom',
    access: 'read',
    summary: 'The SBOM of a release, CycloneDX 1.6, its signature verified.',
  },
  listExposures: { method: 'GET', url: '/exposures', access: 'read', summary: 'Where a vulnerability or a package runs now.' },
  listSigningKeys: { method: 'GET', url: '/signing-keys', access: 'public', summary: 'The public keys with which this platform signed.' },
  ...gateOperations,
  listTrains: { method: 'GET', url: '/trains', access: 'read', summary: 'Release trains, the next to depart first.' },
  createTrain: { method: 'POST', url: '/trains', access: 'write', summary: 'Makes a train with its dates.' },
  showTrain: {
    method: 'GET',
    url: '/trains/:train',
    access: 'read',
    summary: 'One train: what it carries, what still stands in its way and when, and its trips.',
  },
  boardTrain: { method: 'POST', url: '/trains/:train/members', access: 'write', summary: 'Puts a release on an open train.' },
  leaveTrain: { method: 'POST', url: '/trains/:train/removals', access: 'write', summary: 'Takes a component off an open train.' },
  lockTrain: {
    method: 'POST',
    url: '/trains/:train/lock',
    access: 'write',
    summary: 'Closes the doors of a train whose releases fit together.',
  },
  reopenTrain: {
    method: 'POST',
    url: '/trains/:train/reopen',
    access: 'write',
    summary: 'Opens the doors of a train again until another date.',
  },
  cancelTrain: {
    method: 'POST',
    url: '/trains/:train/cancel',
    access: 'write',
    summary: 'Gives a train up; installations are no longer held to it.',
  },
  approveTrain: {
    method: 'POST',
    url: '/trains/:train/approvals',
    access: 'write',
    summary: 'Approves the plans of all releases on a train for its next move; never by whoever made the train.',
  },
  moveTrain: {
    method: 'POST',
    url: '/trains/:train/trips',
    access: 'write',
    summary: 'Rehearses a train, lets it depart, or rolls it back, as one unit.',
  },
  listDeliveries: { method: 'GET', url: '/deliveries', access: 'read', summary: 'What other systems are told, the newest first.' },
  replayDelivery: { method: 'POST', url: '/deliveries/:id/replay', access: 'write', summary: 'Sends once more what was given up.' },
  listPublications: {
    method: 'GET',
    url: '/publications',
    access: 'read',
    summary: 'What installations in production changed, the newest first.',
  },
  showPublication: { method: 'GET', url: '/publications/:id', access: 'read', summary: 'What one installation changed, to be read.' },
  showSystemPublication: {
    method: 'GET',
    url: '/publications/of-system/:system',
    access: 'read',
    summary: 'What was installed of an application system, as one page.',
  },
  showTrainPublication: {
    method: 'GET',
    url: '/publications/of-train/:train',
    access: 'read',
    summary: 'What a train brought into production, as one page.',
  },
  publicationFeed: {
    method: 'GET',
    url: '/feed',
    access: 'read',
    stream: 'atom',
    summary: 'Installations in production as an Atom feed (RFC 4287).',
  },
  measureDelivery: { method: 'GET', url: '/measures', access: 'read', summary: 'How delivery goes, and where time is lost.' },
  mapAutomation: {
    method: 'GET',
    url: '/automation',
    access: 'read',
    summary: 'For each application system, what is automated from infrastructure to operation, from what the platform did.',
  },
  followEvents: {
    method: 'GET',
    url: '/events',
    access: 'read',
    stream: 'sse',
    summary: 'What happens, as CloudEvents 1.0 in server-sent events; resumes after Last-Event-ID.',
  },
  readAudit: {
    method: 'GET',
    url: '/audit',
    access: 'read',
    summary: 'The audit log: who changed what, each entry chained to the one before.',
  },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationId = keyof typeof operations;
