/** The tables, as Kysely sees them; the truth is in `migrations/`. Times are RFC 3339 strings. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type { EntrySpec } from '../domain/calendar/entry.ts';
import type { Change, ChangeFacts, ChangeReview, ChangeTimes } from '../domain/changes/change.ts';
import type { Commit, CommitMessage } from '../domain/commit.ts';
import type { DeliveryBody, DeliveryState } from '../domain/deliveries/delivery.ts';
import type { DeploymentPurpose, DeploymentState } from '../domain/deployment.ts';
import type { EvidenceKind, EvidenceOutcome, Severity } from '../domain/evidence.ts';
import type { Hold } from '../domain/gates/hold.ts';
import type { Verdict } from '../domain/gates/verdict.ts';
import type { PlaceHealth } from '../domain/healing/health.ts';
import type { ImageFacts } from '../domain/image.ts';
import type { JobRunCause, JobRunState } from '../domain/job-run.ts';
import type { Ledger } from '../domain/ledger.ts';
import type { ComponentKind, Concurrency, Layer, Spec, Storey } from '../domain/release.ts';
import type { Step } from '../domain/rollout/step.ts';
import type { Cause, RunDirection, StepState } from '../domain/run.ts';
import type { ScalingMemory } from '../domain/scaling/scale.ts';
import type { SecretPrints } from '../domain/secret-prints.ts';
import type { Deprecation, Runtime } from '../domain/socle.ts';
import type { StandingOn } from './attestation.ts';
import type { SampleTable } from './sample-table.ts';
import type { TrainTables } from './train-tables.ts';

/** Written as text, read as a value. */
type Json<T> = ColumnType<T, string, string>;

export type Tables = TrainTables & {
  component: { name: string; system: string; kind: ComponentKind; team: string | null; criticality: string; created_at: string };
  release: {
    digest: string;
    component: string;
    version: string;
    image: string;
    layers: Json<readonly Layer[]>;
    commit: ColumnType<Commit | null, string | null, never>;
    spec: Json<Spec>;
    commits: Json<readonly CommitMessage[]>;
    created_at: string;
    created_by: string;
  };
  address: { component: string; environment: string; port: number };
  deployment: {
    id: string;
    component: string;
    environment: string;
    release_digest: string;
    version: string;
    purpose: DeploymentPurpose;
    former_digest: string | null;
    state: DeploymentState;
    reason: string | null;
    verdicts: Json<readonly Verdict[]>;
    ledger: ColumnType<Ledger | null, string | null, string | null>;
    log: Json<readonly string[]>;
    cancel_requested_by: string | null;
    cancel_reason: string | null;
    /** When its gates are looked at again; null: it waits for its turn only, or no more. */
    look_at: string | null;
    holds: Json<readonly Hold[]>;
    replace_soaking: Generated<boolean>;
    wait_for_gates: Generated<boolean>;
    incident: string | null;
    override_id: string | null;
    /** Whether it has a change. */
    production: boolean;
    requested_by: string;
    requested_at: string;
    started_at: string | null;
    ended_at: string | null;
  };
  current_release: {
    component: string;
    environment: string;
    release_digest: string;
    deployment_id: string;
    installed_at: string;
    /** Written by the database. */
    asks: GeneratedAlways<readonly string[]>;
  };
  verification: { release_digest: string; environment: string; deployment_id: string; verified_at: string } & Revocation;
  run: {
    id: string;
    component: string;
    environment: string;
    purpose: 'deployment' | 'heal';
    deployment_id: string | null;
    state: 'waiting' | 'running' | 'done';
    direction: RunDirection;
    cause: ColumnType<Cause | null, string | undefined, string>;
    epoch: number;
    lease_owner: string | null;
    lease_until: string | null;
    created_at: string;
    ended_at: string | null;
  };
  step: {
    run_id: string;
    ordinal: number;
    kind: Step['kind'];
    purpose: RunDirection;
    body: Json<Step>;
    sentence: string;
    state: StepState;
    started_at: string | null;
    ended_at: string | null;
  };
  job_run: {
    id: string;
    component: string;
    environment: string;
    release_digest: string;
    version: string;
    due_at: string;
    cause: JobRunCause;
    state: JobRunState;
    exit_code: number | null;
    log: Json<readonly string[]>;
    epoch: number;
    lease_owner: string | null;
    lease_until: string | null;
    started_at: string | null;
    ended_at: string | null;
    attempt: Generated<number>;
    not_before: string | null;
    reason: string | null;
    concurrency: Generated<Concurrency>;
    start_by: string | null;
  };
  place_health: { component: string; environment: string; health: Json<PlaceHealth>; unwell: boolean; looked_at: string };
  scale: {
    component: string;
    environment: string;
    wanted: number;
    pinned: number | null;
    reason: string;
    memory: Json<ScalingMemory>;
    decided_at: string;
  };
  before_task: {
    release_digest: string;
    environment: string;
    name: string;
    state: 'running' | 'succeeded' | 'failed';
    attempt: number;
    exit_code: number | null;
    log: Json<readonly string[]>;
    started_at: string;
    ended_at: string | null;
  };
  drift: {
    id: string;
    component: string;
    environment: string;
    instance: string;
    kind: string;
    sentence: string;
    repair: 'always' | 'report';
    event: string | null;
    found_at: string;
    repaired_at: string | null;
  };
  socle: { name: string; deprecated: ColumnType<Deprecation | null, string | null, string | null> };
  socle_version: {
    name: string;
    number: number;
    image: string;
    vendor: string;
    layers: Json<readonly Layer[]>;
    runtime: Json<Runtime>;
    recorded_at: string;
  };
  change: Pick<Change, 'id' | 'kind' | 'state' | 'closure' | 'note'> & {
    deployment_id: string;
    component: string;
    environment: string;
    system: string;
    version: string;
    facts: Json<ChangeFacts>;
    times: Json<ChangeTimes>;
    review: ColumnType<ChangeReview | null, string | null, string | null>;
    opened_by: string;
    opened_at: string;
    closed_at: string | null;
    phase: GeneratedAlways<'ahead' | 'open' | 'ended'>;
  };
  evidence: {
    id: string;
    release_digest: string;
    kind: EvidenceKind;
    outcome: EvidenceOutcome;
    summary: string;
    digest: string | null;
    recorded_by: string;
    recorded_at: string;
    expires_at: string | null;
  };
  package_list: { digest: string };
  package: { list: string; purl: string; base: string; version: string; storey: Storey; layer: string };
  image_facts: {
    release_digest: string;
    facts: Json<ImageFacts>;
    socle: ColumnType<StandingOn | null, string | null, never>;
    packages: string;
  };
  signing_key: { hint: string; public_key: string; known_since: string };
  signature_check: { release_digest: string; checked_at: string };
  finding: {
    evidence_id: string;
    ordinal: number;
    finding: string;
    severity: Severity;
    package: string;
    storey: Storey | null;
  };
  token: {
    hash: string;
    id: string;
    name: string;
    access: 'read' | 'write';
    created_at: string;
    created_by: string | null;
    revoked_at: string | null;
    revoked_by: string | null;
    used_at: string | null;
  };
  approval: {
    id: string;
    release_digest: string;
    environment: string;
    plan_hash: string;
    requested_by: string;
    requested_at: string;
    expires_at: string;
  };
  approval_decision: { approval_id: string; who: string; decision: 'approved' | 'rejected'; reason: string | null; at: string };
  gate_override: {
    id: string;
    release_digest: string;
    environment: string;
    reason: string;
    requested_by: string;
    requested_at: string;
    approved_by: string | null;
    approved_at: string | null;
    expires_at: string;
    consumed_by: string | null;
    consumed_at: string | null;
  };
  calendar_entry: {
    id: string;
    kind: 'window' | 'freeze';
    body: Json<EntrySpec>;
    created_by: string;
    created_at: string;
    removed_by: string | null;
    removed_at: string | null;
  };
  line_stop: {
    id: string;
    reason: string;
    stopped_by: string;
    stopped_at: string;
    resumed_by: string | null;
    resumed_at: string | null;
  };
  readiness_line: { system: string; line: string; signed_by: string; signed_at: string; expires_at: string | null; note: string | null };
  router_reading: { component: string; environment: string; release_digest: string | null; requests: number };
  traffic: { release_digest: string; environment: string; requests: number; counted_at: string };
  session: {
    cookie_hash: string;
    proof_hash: string;
    name: string;
    access: 'read' | 'write';
    created_at: string;
    expires_at: string;
  };
  sign_in_link: { code_hash: string; name: string; expires_at: string };
  sighting: {
    component: string;
    environment: string;
    wanted: number;
    ready: number;
    seen_at: string;
    served: ColumnType<readonly string[], string | undefined, string>;
  };
  sample: SampleTable;
  delivery: {
    id: string;
    target: string;
    key: string;
    body: ColumnType<DeliveryBody, string, string>;
    revision: number;
    state: DeliveryState;
    attempts: number;
    next_at: string;
    lease_until: string | null;
    reference: string | null;
    problem: string | null;
    created_at: string;
    since: string;
    sent_at: string | null;
  };
  secret_prints: { deployment_id: string; prints: Json<SecretPrints> };
  delivery_position: { only_one: boolean; number: number };
  audit: { number: number; at: string; who: string; what: string; subject: string; detail: Json<unknown>; hash: string };
  event: { number: number; type: string; subject: string; time: string; data: Json<unknown> };
};

type Revocation = { revoked_at: string | null; revoked_reason: string | null; revoked_by: string | null };
