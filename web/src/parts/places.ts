/** The pages one can go to from anywhere, in the order of the flow, each with the command that shows the same. */
export type Place = {
  readonly name: 'estate' | 'deployments' | 'changes' | 'images' | 'audit' | 'settings';
  readonly to: '/' | '/deployments' | '/changes' | '/images' | '/audit' | '/settings';
  readonly group: 'runs' | 'record';
  readonly cli: string | null;
};

export const places: readonly Place[] = [
  { name: 'estate', to: '/', group: 'runs', cli: 'beluga status' },
  { name: 'deployments', to: '/deployments', group: 'runs', cli: 'beluga deployments' },
  { name: 'changes', to: '/changes', group: 'runs', cli: 'beluga changes' },
  { name: 'images', to: '/images', group: 'record', cli: 'beluga socles' },
  { name: 'audit', to: '/audit', group: 'record', cli: 'beluga audit list' },
  { name: 'settings', to: '/settings', group: 'record', cli: null },
];
