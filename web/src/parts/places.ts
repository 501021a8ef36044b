/** The pages one can go to from anywhere, in the order of the flow, each with the command that shows the same. */
const all = [
  { name: 'estate', to: '/', group: 'runs', cli: 'beluga status' },
  { name: 'deployments', to: '/deployments', group: 'runs', cli: 'beluga deployments' },
  { name: 'drift', to: '/drift', group: 'runs', cli: 'beluga drift' },
  { name: 'changes', to: '/changes', group: 'decides', cli: 'beluga changes' },
  { name: 'calendar', to: '/calendar', group: 'decides', cli: 'beluga calendar show' },
  { name: 'trains', to: '/trains', group: 'decides', cli: 'beluga train list' },
  { name: 'publications', to: '/publications', group: 'record', cli: 'beluga publication feed' },
  { name: 'measures', to: '/measures', group: 'record', cli: 'beluga measures' },
  { name: 'audit', to: '/audit', group: 'record', cli: 'beluga audit list' },
  { name: 'images', to: '/images', group: 'platform', cli: 'beluga socle list' },
  { name: 'automation', to: '/automation', group: 'platform', cli: 'beluga automation' },
  { name: 'settings', to: '/settings', group: 'platform', cli: null },
] as const satisfies readonly { readonly name: string; readonly to: string; readonly group: string; readonly cli: string | null }[];

export type Place = (typeof all)[number];
export const places: readonly Place[] = all;
