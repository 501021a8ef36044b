/** What many parts of the console ask for alike: each is asked once, and the answer is shared. */
import { queryOptions, useQuery } from '@tanstack/react-query';
import { client } from './api.ts';
import { whoIsSignedIn } from './session.ts';

/** Who is signed in, and the environments: the same as long as the page stands, whatever happens on the platform. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: whoIsSignedIn,
  staleTime: Infinity,
  refetchInterval: false,
  retry: false,
  meta: { rests: true },
});

/** Thousands of names: asked for again now and then, not at each event. */
export const componentsQuery = queryOptions({
  queryKey: ['components'],
  queryFn: () => client.listComponents(),
  refetchInterval: 60_000,
  meta: { rests: true },
});

/** A component with its stages, and what may be done with each. */
export function componentQuery(component: string) {
  return queryOptions({ queryKey: ['component', component], queryFn: ({ signal }) => client.showComponent({ component }, { signal }) });
}

export const trainsQuery = queryOptions({ queryKey: ['trains'], queryFn: () => client.listTrains() });
export const soclesQuery = queryOptions({ queryKey: ['socles'], queryFn: () => client.listSocles() });

/** What differs from what was recorded and still stands, of the whole platform. */
export const driftQuery = queryOptions({
  queryKey: ['drift', 'open'],
  queryFn: () => client.listDrift({ open: true, limit: 1_000 }),
});

/** What runs of a component in an environment. */
export function instancesQuery(component: string, environment: string) {
  return queryOptions({
    queryKey: ['instances', component, environment],
    queryFn: () => client.listInstances({ component, environment }),
  });
}

/** The environments in their order; none until they are known. */
export function useEnvironments(): readonly string[] {
  return useQuery(sessionQuery).data?.environments ?? [];
}

/** The application systems that have a component. */
export function useSystems(): readonly string[] {
  const { data } = useQuery(componentsQuery);
  return [...new Set(data?.items.map(({ system }) => system) ?? [])].toSorted();
}

export type PlanWish = { readonly component: string; readonly environment: string; readonly version: string };

/** What taking a release further would do, as the server plans it. */
export function planQuery(wish: PlanWish) {
  return queryOptions({ queryKey: ['plan', wish], queryFn: () => client.planDeployment(wish) });
}
