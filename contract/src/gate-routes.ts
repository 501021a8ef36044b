/** The shapes of the operations of gates and calendar, a part of the route table. */
import { type TSchema, Type } from 'typebox';
import { ComponentName, EnvironmentName, Version } from './api-schema.ts';
import * as calendar from './calendar-api-schema.ts';
import * as gates from './gate-schema.ts';
import { strictly } from './schema-words.ts';

const items = <T extends TSchema>(item: T) => strictly({ items: Type.Array(item) });
const releaseName = strictly({ component: ComponentName, version: Version });
const filter = strictly({ component: Type.Optional(ComponentName), environment: Type.Optional(EnvironmentName) });

export const gateShapes = {
  simulateRelease: { body: gates.SimulationRequestSchema, responses: { 200: gates.SimulationSchema } },
  listVerifications: { params: releaseName, responses: { 200: items(gates.VerificationSchema) } },
  revokeVerification: { params: releaseName, body: gates.RevocationRequestSchema, responses: { 200: gates.RevocationSchema } },
  listApprovals: { query: filter, responses: { 200: items(gates.ApprovalSchema) } },
  requestApproval: { body: gates.ApprovalRequestSchema, responses: { 201: gates.ApprovalSchema } },
  decideApproval: { params: gates.IdentifierParams, body: gates.DecisionRequestSchema, responses: { 200: gates.ApprovalSchema } },
  listOverrides: { query: filter, responses: { 200: items(gates.OverrideSchema) } },
  requestOverride: { body: gates.OverrideRequestSchema, responses: { 201: gates.OverrideSchema } },
  approveOverride: { params: gates.IdentifierParams, responses: { 200: gates.OverrideSchema } },
  showLine: { responses: { 200: gates.LineSchema } },
  stopLine: { body: gates.StopRequestSchema, responses: { 200: gates.LineSchema } },
  resumeLine: { responses: { 200: gates.LineSchema } },
  showReadiness: { params: strictly({ system: gates.SystemName }), responses: { 200: items(gates.ReadinessSchema) } },
  signReadiness: {
    params: strictly({ system: gates.SystemName }),
    body: gates.ReadinessRequestSchema,
    responses: { 200: items(gates.ReadinessSchema) },
  },
  addTraffic: { body: gates.TrafficRequestSchema, responses: { 200: gates.TrafficSchema } },
  listTokens: { responses: { 200: items(gates.TokenSchema) } },
  createToken: { body: gates.TokenRequestSchema, responses: { 201: gates.NewTokenSchema } },
  revokeToken: { params: gates.IdentifierParams, responses: { 200: items(gates.TokenSchema) } },
  showCalendar: { query: calendar.CalendarQuerySchema, responses: { 200: calendar.CalendarViewSchema } },
  readCalendarFeed: {
    query: strictly({ environment: Type.Optional(EnvironmentName) }),
    responses: { 200: Type.String({ description: 'text/calendar: the last 30 days and the next 400.' }) },
  },
  previewCalendarEntry: { body: calendar.EntryRequestSchema, responses: { 200: calendar.PreviewSchema } },
  addCalendarEntry: { body: calendar.EntryRequestSchema, responses: { 201: calendar.PreviewSchema } },
  removeCalendarEntry: { params: gates.IdentifierParams, responses: { 200: items(calendar.EntrySchema) } },
  importCalendar: { body: calendar.ImportRequestSchema, responses: { 200: calendar.ImportSchema } },
} as const;
