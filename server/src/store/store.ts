/** The store: what Beluga remembers, by noun, in PostgreSQL. */
import type { Kysely } from 'kysely';
import { type AddressStore, addressStore } from './address.ts';
import { type ApprovalStore, approvalStore } from './approval.ts';
import { type AttestationStore, attestationStore } from './attestation.ts';
import { type BeforeTaskStore, beforeTaskStore } from './before-task.ts';
import { type CalendarStore, calendarStore } from './calendar.ts';
import { type ChangeStore, changeStore } from './change.ts';
import { type DeliveryStore, deliveryStore } from './delivery.ts';
import { type DeploymentStore, deploymentStore } from './deployment.ts';
import { type DriftStore, driftStore } from './drift.ts';
import { type EvidenceStore, evidenceStore } from './evidence.ts';
import { type ExposureStore, exposureStore } from './exposure.ts';
import { type HoldStore, holdStore } from './hold.ts';
import { type JobRunStore, jobRunStore } from './job-run.ts';
import { journalChannel } from './journal.ts';
import { type LineStopStore, lineStopStore } from './line-stop.ts';
import { type NeededStore, neededStore } from './needed.ts';
import { type NeighbourStore, neighbourStore } from './neighbour.ts';
import { type OverrideStore, overrideStore } from './override.ts';
import { type PlaceHealthStore, placeHealthStore } from './place-health.ts';
import { type ReadinessStore, readinessStore } from './readiness.ts';
import { type ReleaseStore, releaseStore } from './release.ts';
import { type RunStore, runStore } from './run.ts';
import { type SampleStore, sampleStore } from './sample.ts';
import { type ScaleStore, scaleStore } from './scale.ts';
import { type SecretPrintStore, secretPrintStore } from './secret-prints.ts';
import { type SessionStore, sessionStore } from './session.ts';
import { type SightingStore, sightingStore } from './sighting.ts';
import { type SocleStore, socleStore } from './socle.ts';
import type { Tables } from './tables.ts';
import { type TokenStore, tokenStore } from './token.ts';
import { type TrafficStore, trafficStore } from './traffic.ts';
import { type TrainStore, trainStore } from './train.ts';
import { type TripStore, tripStore } from './trip.ts';
import { type VerificationStore, verificationStore } from './verification.ts';
import { type ConsoleViews, consoleViews } from './views/console.ts';
import { type Views, views } from './views/views.ts';

export type Store = {
  readonly releases: ReleaseStore;
  readonly deployments: DeploymentStore;
  readonly holds: HoldStore;
  readonly runs: RunStore;
  readonly changes: ChangeStore;
  readonly deliveries: DeliveryStore;
  readonly jobRuns: JobRunStore;
  readonly beforeTasks: BeforeTaskStore;
  readonly placeHealth: PlaceHealthStore;
  readonly samples: SampleStore;
  readonly scale: ScaleStore;
  readonly socles: SocleStore;
  readonly evidence: EvidenceStore;
  readonly attestations: AttestationStore;
  readonly exposures: ExposureStore;
  readonly addresses: AddressStore;
  readonly tokens: TokenStore;
  readonly approvals: ApprovalStore;
  readonly overrides: OverrideStore;
  readonly calendar: CalendarStore;
  readonly lineStops: LineStopStore;
  readonly readiness: ReadinessStore;
  readonly traffic: TrafficStore;
  readonly neighbours: NeighbourStore;
  readonly verifications: VerificationStore;
  readonly trains: TrainStore;
  readonly trips: TripStore;
  readonly sessions: SessionStore;
  readonly sightings: SightingStore;
  readonly drift: DriftStore;
  readonly needed: NeededStore;
  readonly secretPrints: SecretPrintStore;
  readonly views: Views;
  readonly consoleViews: ConsoleViews;
  /** Calls the listener after every recorded change, of this server or another; gives what ends it. */
  onEvent(listener: () => void): () => void;
};

export function createStore(kysely: Kysely<Tables>, listen: (channel: string, handler: () => void) => void): Store {
  const listeners = new Set<() => void>();
  listen(journalChannel, () => {
    for (const listener of listeners) listener();
  });
  return {
    releases: releaseStore(kysely),
    deployments: deploymentStore(kysely),
    holds: holdStore(kysely),
    runs: runStore(kysely),
    changes: changeStore(kysely),
    deliveries: deliveryStore(kysely),
    jobRuns: jobRunStore(kysely),
    beforeTasks: beforeTaskStore(kysely),
    placeHealth: placeHealthStore(kysely),
    samples: sampleStore(kysely),
    scale: scaleStore(kysely),
    socles: socleStore(kysely),
    evidence: evidenceStore(kysely),
    attestations: attestationStore(kysely),
    exposures: exposureStore(kysely),
    addresses: addressStore(kysely),
    tokens: tokenStore(kysely),
    approvals: approvalStore(kysely),
    overrides: overrideStore(kysely),
    calendar: calendarStore(kysely),
    lineStops: lineStopStore(kysely),
    readiness: readinessStore(kysely),
    traffic: trafficStore(kysely),
    neighbours: neighbourStore(kysely),
    verifications: verificationStore(kysely),
    trains: trainStore(kysely),
    trips: tripStore(kysely),
    sessions: sessionStore(kysely),
    sightings: sightingStore(kysely),
    drift: driftStore(kysely),
    needed: neededStore(kysely),
    secretPrints: secretPrintStore(kysely),
    views: views(kysely),
    consoleViews: consoleViews(kysely),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
