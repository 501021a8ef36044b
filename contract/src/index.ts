/** The whole contract. Programs that must start fast import `@beluga/contract/manifest` and `@beluga/contract/client` instead. */
export * from './api-schema.ts';
export type * from './calendar-api-schema.ts';
export * from './change-schema.ts';
export { type CallOptions, type Client, type ClientOptions, createClient } from './client.ts';
export { ApiError, ServerUnreachable } from './client-errors.ts';
export type { FollowOptions } from './client-streams.ts';
export * from './console-schema.ts';
export * from './delivery-schema.ts';
export * from './evidence-schema.ts';
export type * from './gate-schema.ts';
export * from './manifest.ts';
export { ManifestSchema } from './manifest-schema.ts';
export * from './measure-schema.ts';
export { base, type Operation, type OperationId, operations } from './operations.ts';
export * from './publication-schema.ts';
export { type Input, type Output, type Route, routeOf, routeTable, type Shape, shapes } from './routes.ts';
export * from './socle-view-schema.ts';
export * from './train-schema.ts';
