/**
 * The route table: what goes into every operation and what comes out, as schemas. The server registers exactly these, the OpenAPI
 * document is made of them, the client's types are read from them and the access tests walk over them.
 */
import { type Static, type TObject, type TSchema, Type } from 'typebox';
import * as nouns from './api-schema.ts';
import { AutomationSchema } from './automation-schema.ts';
import {
  ChangeCancellationSchema,
  ChangeDecisionSchema,
  ChangeKindName,
  ChangeSchema,
  ChangeStateName,
  ReviewRequestSchema,
  ShownChangeSchema,
  ShownPlanSchema,
} from './change-schema.ts';
import * as seen from './console-schema.ts';
import { DeliverySchema, DeliveryStateName } from './delivery-schema.ts';
import { DriftQuestionSchema, DriftSchema } from './drift-schema.ts';
import * as proofs from './evidence-schema.ts';
import { gateShapes } from './gate-routes.ts';
import { SystemName } from './gate-schema.ts';
import { LeftoverSchema } from './leftover-schema.ts';
import { MeasuresSchema } from './measure-schema.ts';
import { base, type Operation, type OperationId, operations } from './operations.ts';
import { PlatformViewSchema } from './platform-view-schema.ts';
import { LanguageName, PublicationPageSchema, PublicationSchema } from './publication-schema.ts';
import { SamplesQuestionSchema, SamplesSchema } from './sample-schema.ts';
import { strictly } from './schema-words.ts';
import * as socles from './socle-view-schema.ts';
import * as trains from './train-schema.ts';

const publications = {
  train: Type.Optional(trains.TrainName),
  component: Type.Optional(nouns.ComponentName),
  system: Type.Optional(nouns.ComponentName),
  environment: Type.Optional(nouns.EnvironmentName),
  language: Type.Optional(LanguageName),
};

export type Shape = {
  readonly params?: TObject;
  readonly query?: TObject;
  readonly headers?: TObject;
  readonly body?: TSchema;
  /** By HTTP status; every other status answers with a `Problem`. */
  readonly responses: Readonly<Record<number, TSchema>>;
};

const items = <T extends TSchema>(item: T) => strictly({ items: Type.Array(item) });
const place = { component: nouns.ComponentName, environment: nouns.EnvironmentName };
const releaseName = { component: nouns.ComponentName, version: nouns.Version };
const limit = (most: number, usual: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: most, default: usual, description: `Default: ${usual}.` }));
const within = (most: number, usual: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: most, default: usual, description: `Of the last so many days. Default: ${usual}.` }));
const After = Type.Integer({ minimum: 0, description: 'Only entries with a higher number.' });

export const shapes = {
  health: { responses: { 200: nouns.HealthSchema } },
  describeApi: { responses: { 200: Type.Unknown({ description: 'An OpenAPI 3.1 document.' }) } },
  showPlatform: { responses: { 200: PlatformViewSchema } },
  status: { responses: { 200: nouns.StatusSchema } },
  showRegistry: { responses: { 200: nouns.RegistrySchema } },
  listComponents: { responses: { 200: items(nouns.ComponentSchema) } },
  showComponent: { params: strictly({ component: nouns.ComponentName }), responses: { 200: seen.ComponentPageSchema } },
  showEstate: { query: seen.EstateQuestionSchema, responses: { 200: seen.EstateSchema } },
  openSession: { body: seen.SignInSchema, responses: { 201: seen.OpenedSessionSchema } },
  showSession: { responses: { 200: seen.SessionSchema } },
  closeSession: { responses: { 200: strictly({}) } },
  makeSignInLink: { responses: { 201: seen.SignInLinkSchema } },
  listReleases: {
    query: strictly({ component: Type.Optional(nouns.ComponentName) }),
    responses: { 200: items(nouns.ReleaseSchema) },
  },
  showRelease: {
    params: strictly(releaseName),
    responses: { 200: nouns.ReleaseSchema },
  },
  registerRelease: { body: nouns.ReleaseRequestSchema, responses: { 200: nouns.ReleaseSchema, 201: nouns.ReleaseSchema } },
  listDeployments: {
    query: strictly({
      component: Type.Optional(nouns.ComponentName),
      environment: Type.Optional(nouns.EnvironmentName),
      state: Type.Optional(nouns.DeploymentState),
      ...seen.DeploymentSelection,
      limit: limit(1000, 50),
    }),
    responses: { 200: items(nouns.DeploymentSchema) },
  },
  countInstallations: { query: seen.InstallationsQuestionSchema, responses: { 200: items(seen.InstallationsSchema) } },
  showDeployment: { params: strictly({ id: nouns.Identifier }), responses: { 200: nouns.DeploymentSchema } },
  requestDeployment: { body: nouns.DeploymentRequestSchema, responses: { 201: nouns.DeploymentSchema } },
  cancelDeployment: { params: strictly({ id: nouns.Identifier }), responses: { 200: nouns.DeploymentSchema } },
  planDeployment: { body: nouns.DeploymentRequestSchema, responses: { 200: ShownPlanSchema } },
  rollBack: { body: nouns.RollbackRequestSchema, responses: { 201: nouns.DeploymentSchema } },
  showScale: { query: strictly(place), responses: { 200: nouns.ScaleSchema } },
  setScale: {
    body: strictly({ ...place, to: Type.Union([Type.Integer({ minimum: 1, maximum: 16 }), Type.Null()]) }),
    responses: { 200: nouns.ScaleSchema },
  },
  listInstances: { query: strictly(place), responses: { 200: items(nouns.InstanceSchema) } },
  listDrift: { query: DriftQuestionSchema, responses: { 200: items(DriftSchema) } },
  repairDrift: { body: strictly(place), responses: { 200: items(DriftSchema) } },
  listSamples: { query: SamplesQuestionSchema, responses: { 200: SamplesSchema } },
  listLeftovers: { responses: { 200: items(LeftoverSchema) } },
  clean: { responses: { 200: items(LeftoverSchema) } },
  readLogs: {
    query: strictly({
      ...place,
      instance: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      tail: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000, description: 'At most so many past lines. Default: 200.' })),
      since: Type.Optional(Type.String({ format: 'date-time', description: 'Only lines from then on.' })),
      after: Type.Optional(Type.Integer({ minimum: 0, description: 'Only lines after this cursor, all of them.' })),
      level: Type.Optional(nouns.LogLevelName),
      grep: Type.Optional(
        Type.String({ minLength: 1, maxLength: 500, description: 'Only lines that this regular expression (RE2) finds.' }),
      ),
      previous: Type.Optional(Type.Boolean({ description: 'Only instances that are gone: of former releases, and runs that ended.' })),
      follow: Type.Optional(Type.Boolean({ description: 'Goes on with new lines until the caller hangs up.' })),
    }),
    responses: { 200: nouns.LogLineSchema },
  },
  showConfig: {
    query: strictly({ ...place, version: Type.Optional(nouns.Version) }),
    responses: { 200: items(nouns.ConfigEntrySchema) },
  },
  listRuns: { query: strictly({ ...place, limit: limit(1000, 50) }), responses: { 200: items(nouns.JobRunSchema) } },
  runJob: { body: strictly(place), responses: { 201: nouns.JobRunSchema } },
  listSocles: { responses: { 200: items(socles.SocleSchema) } },
  showSocle: { params: strictly({ name: nouns.SocleName }), responses: { 200: socles.SocleDetailSchema } },
  deprecateSocle: {
    params: strictly({ name: nouns.SocleName }),
    body: socles.DeprecationRequestSchema,
    responses: { 200: socles.SocleSchema },
  },
  planRebase: {
    params: strictly({ name: nouns.SocleName }),
    query: strictly({
      from: Type.Optional(nouns.SocleName),
      system: Type.Optional(Type.String({ pattern: '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$' })),
    }),
    responses: { 200: socles.RebasePlanSchema },
  },
  rebaseReleases: {
    params: strictly({ name: nouns.SocleName }),
    body: socles.RebaseRequestSchema,
    responses: { 200: items(socles.MovedSchema) },
  },
  recordSocle: {
    params: strictly({ name: nouns.SocleName }),
    body: socles.SocleRequestSchema,
    responses: { 200: socles.SocleSchema },
  },
  listEvidence: { params: strictly(releaseName), responses: { 200: items(proofs.EvidenceSchema) } },
  recordEvidence: { params: strictly(releaseName), body: proofs.EvidenceRequestSchema, responses: { 201: proofs.EvidenceSchema } },
  listChanges: {
    query: strictly({
      component: Type.Optional(nouns.ComponentName),
      environment: Type.Optional(nouns.EnvironmentName),
      system: Type.Optional(nouns.ComponentName),
      state: Type.Optional(ChangeStateName),
      kind: Type.Optional(ChangeKindName),
      limit: limit(1000, 50),
    }),
    responses: { 200: items(ChangeSchema) },
  },
  showChange: { params: strictly({ id: nouns.Identifier }), responses: { 200: ShownChangeSchema } },
  reviewChange: { params: strictly({ id: nouns.Identifier }), body: ReviewRequestSchema, responses: { 200: ChangeSchema } },
  approveChange: { params: strictly({ id: nouns.Identifier }), body: ChangeDecisionSchema, responses: { 200: ChangeSchema } },
  refuseChange: { params: strictly({ id: nouns.Identifier }), body: ChangeDecisionSchema, responses: { 200: ChangeSchema } },
  cancelChange: { params: strictly({ id: nouns.Identifier }), body: ChangeCancellationSchema, responses: { 200: ChangeSchema } },
  showCompliance: { params: strictly(releaseName), responses: { 200: proofs.ComplianceSchema } },
  showSbom: { params: strictly(releaseName), responses: { 200: Type.Unknown({ description: 'A CycloneDX 1.6 document.' }) } },
  listExposures: {
    query: strictly({
      what: Type.String({
        minLength: 3,
        maxLength: 500,
        description: 'A finding such as CVE-2026-1234, or a package URL, with or without version.',
      }),
    }),
    responses: { 200: items(proofs.ExposureSchema) },
  },
  listSigningKeys: { responses: { 200: items(proofs.SigningKeySchema) } },
  ...gateShapes,
  listTrains: { responses: { 200: items(trains.TrainSchema) } },
  createTrain: { body: trains.TrainRequestSchema, responses: { 201: trains.TrainSchema } },
  showTrain: { params: strictly({ train: trains.TrainName }), responses: { 200: trains.ShownTrainSchema } },
  boardTrain: { params: strictly({ train: trains.TrainName }), body: strictly(releaseName), responses: { 200: trains.TrainSchema } },
  leaveTrain: {
    params: strictly({ train: trains.TrainName }),
    body: strictly({ component: nouns.ComponentName }),
    responses: { 200: trains.TrainSchema },
  },
  lockTrain: { params: strictly({ train: trains.TrainName }), responses: { 200: trains.TrainSchema } },
  reopenTrain: {
    params: strictly({ train: trains.TrainName }),
    body: strictly({ locksAt: trains.TrainDate }),
    responses: { 200: trains.TrainSchema },
  },
  cancelTrain: { params: strictly({ train: trains.TrainName }), responses: { 200: trains.TrainSchema } },
  approveTrain: {
    params: strictly({ train: trains.TrainName }),
    body: trains.TrainApprovalSchema,
    responses: { 200: trains.ShownTrainSchema },
  },
  moveTrain: {
    params: strictly({ train: trains.TrainName }),
    body: trains.TripRequestSchema,
    responses: { 201: trains.ShownTrainSchema },
  },
  listDeliveries: {
    query: strictly({ state: Type.Optional(DeliveryStateName), limit: limit(1000, 50) }),
    responses: { 200: items(DeliverySchema) },
  },
  replayDelivery: { params: strictly({ id: nouns.Identifier }), responses: { 200: DeliverySchema } },
  listPublications: {
    query: strictly({ ...publications, limit: limit(200, 20) }),
    responses: { 200: items(PublicationSchema) },
  },
  showPublication: {
    params: strictly({ id: nouns.Identifier }),
    query: strictly({ language: Type.Optional(LanguageName) }),
    responses: { 200: PublicationSchema },
  },
  showSystemPublication: {
    params: strictly({ system: SystemName }),
    query: strictly({ days: within(365, 30), language: Type.Optional(LanguageName) }),
    responses: { 200: PublicationPageSchema },
  },
  showTrainPublication: {
    params: strictly({ train: trains.TrainName }),
    query: strictly({ language: Type.Optional(LanguageName) }),
    responses: { 200: PublicationPageSchema },
  },
  publicationFeed: {
    query: strictly({ ...publications, limit: limit(200, 20) }),
    responses: { 200: Type.String({ description: 'The feed.' }) },
  },
  measureDelivery: {
    query: strictly({
      environment: Type.Optional(nouns.EnvironmentName),
      system: Type.Optional(nouns.ComponentName),
      days: within(3660, 30),
      slices: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 60, default: 1, description: 'Equal parts to see how it goes. Default: 1.' }),
      ),
    }),
    responses: { 200: MeasuresSchema },
  },
  mapAutomation: { query: strictly({ system: Type.Optional(SystemName) }), responses: { 200: items(AutomationSchema) } },
  followEvents: {
    query: strictly({ subject: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Only subjects that begin so.' })) }),
    headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ description: 'Goes on after this event.' })) }),
    responses: { 200: nouns.CloudEventSchema },
  },
  readAudit: {
    query: strictly({
      after: Type.Optional(After),
      before: Type.Optional(Type.Integer({ minimum: 1, description: 'Only entries with a lower number, the newest first.' })),
      search: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 200,
          description: 'Only entries that hold all these words in who, what, subject or detail.',
        }),
      ),
      limit: limit(1000, 100),
    }),
    responses: { 200: items(nouns.AuditEntrySchema) },
  },
} as const satisfies Readonly<Record<OperationId, Shape>>;

export type Route = Operation & Shape & { readonly id: OperationId };

/** One route with its whole address under `/api/v1`. */
export function routeOf(id: OperationId): Route {
  const operation: Operation = operations[id];
  return { ...shapes[id], ...operation, url: base + operation.url, id };
}

/** Every route, in the order of `operations`. */
export const routeTable: readonly Route[] = (Object.keys(operations) as OperationId[]).map(routeOf);

type Part<Id extends OperationId, Key extends 'params' | 'query' | 'body'> =
  (typeof shapes)[Id] extends Readonly<Record<Key, infer S extends TSchema>> ? Static<S> : unknown;
type Successes<Id extends OperationId> = (typeof shapes)[Id]['responses'];

/** What a caller gives to an operation: the parts of its address, its query and its body in one object. */
export type Input<Id extends OperationId> = Part<Id, 'params'> & Part<Id, 'query'> & Part<Id, 'body'>;
/** What an operation answers when it succeeds. */
export type Output<Id extends OperationId> = {
  [Status in keyof Successes<Id>]: Successes<Id>[Status] extends TSchema ? Static<Successes<Id>[Status]> : never;
}[keyof Successes<Id>];
