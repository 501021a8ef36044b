/** The tables of trains and their trips. */
import type { ColumnType } from 'kysely';
import type { TrainState, TripEnd, TripKind } from '../domain/trains/train.ts';
import type { MemberState, TripDirection } from '../domain/trains/trip.ts';

export type TrainTables = {
  train: {
    name: string;
    state: TrainState;
    reason: string | null;
    opens_at: string;
    locks_at: string;
    rehearsal_at: string;
    departs_at: string;
    created_by: string;
    created_at: string;
  };
  train_member: { train: string; component: string; version: string; release_digest: string; added_by: string; added_at: string };
  train_trip: {
    id: string;
    train: string;
    kind: TripKind;
    environment: string;
    state: 'waiting' | 'running' | TripEnd;
    direction: TripDirection;
    reason: string | null;
    incident: string | null;
    before: ColumnType<Readonly<Record<string, string>>, string, string>;
    requested_by: string;
    requested_at: string;
    epoch: number;
    lease_owner: string | null;
    lease_until: string | null;
    ended_at: string | null;
  };
  train_trip_member: {
    trip_id: string;
    component: string;
    wave: number;
    target: string;
    former: string | null;
    state: MemberState;
    deployment_id: string | null;
    tries: number;
    reason: string | null;
  };
};
