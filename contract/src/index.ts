/** The whole contract. Programs that must start fast import `@beluga/contract/manifest` and `@beluga/contract/client` instead. */
export * from './api-schema.ts';
export * from './manifest.ts';
export { ManifestSchema } from './manifest-schema.ts';
