/** What taking a release further would do, as the server plans it. */
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../api.ts';

export type PlanWish = { readonly component: string; readonly environment: string; readonly version: string };

export function planQuery(wish: PlanWish) {
  return queryOptions({ queryKey: ['plan', wish], queryFn: () => client.planDeployment(wish) });
}
