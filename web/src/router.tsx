/** Every place of the console and what its address may say; a page's code is loaded when it is first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { NotFound } from './parts/empty.tsx';
import { Shell } from './parts/shell.tsx';

type Words = Readonly<Record<string, unknown>>;
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
/** Keeps the texts of these names; what else stands in the address is left out. */
const texts =
  <const Name extends string>(...names: readonly Name[]) =>
  (search: Words): { [Key in Name]?: string | undefined } =>
    Object.fromEntries(names.map((name) => [name, text(typeof search[name] === 'number' ? String(search[name]) : search[name])])) as {
      [Key in Name]?: string | undefined;
    };

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const estate = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: texts('q', 'system', 'team', 'kind', 'environment', 'state', 'drift', 'criticality', 'age', 'at'),
  component: lazyRouteComponent(() => import('./pages/estate/estate.tsx'), 'EstatePage'),
});
const component = createRoute({
  getParentRoute: () => root,
  path: '/components/$component',
  validateSearch: texts('tab', 'environment', 'instance', 'line', 'since', 'previous', 'version', 'span', 'levels'),
  component: lazyRouteComponent(() => import('./pages/component/component.tsx'), 'ComponentPage'),
});
const deployments = createRoute({
  getParentRoute: () => root,
  path: '/deployments',
  validateSearch: texts('component', 'environment', 'state', 'from', 'to'),
  component: lazyRouteComponent(() => import('./pages/deployment/deployments.tsx'), 'DeploymentsPage'),
});
const deployment = createRoute({
  getParentRoute: () => root,
  path: '/deployments/$id',
  component: lazyRouteComponent(() => import('./pages/deployment/deployment.tsx'), 'DeploymentPage'),
});
const drift = createRoute({
  getParentRoute: () => root,
  path: '/drift',
  validateSearch: texts('component', 'environment', 'all'),
  component: lazyRouteComponent(() => import('./pages/drift/drift.tsx'), 'DriftPage'),
});
const changes = createRoute({
  getParentRoute: () => root,
  path: '/changes',
  validateSearch: texts('component', 'state', 'kind'),
  component: lazyRouteComponent(() => import('./pages/change/changes.tsx'), 'ChangesPage'),
});
const change = createRoute({
  getParentRoute: () => root,
  path: '/changes/$id',
  component: lazyRouteComponent(() => import('./pages/change/change.tsx'), 'ChangePage'),
});
const calendar = createRoute({
  getParentRoute: () => root,
  path: '/calendar',
  validateSearch: texts('view', 'at', 'environment', 'new'),
  component: lazyRouteComponent(() => import('./pages/calendar/calendar.tsx'), 'CalendarPage'),
});
const trains = createRoute({
  getParentRoute: () => root,
  path: '/trains',
  validateSearch: texts('new'),
  component: lazyRouteComponent(() => import('./pages/train/trains.tsx'), 'TrainsPage'),
});
const train = createRoute({
  getParentRoute: () => root,
  path: '/trains/$train',
  component: lazyRouteComponent(() => import('./pages/train/train.tsx'), 'TrainPage'),
});
const publications = createRoute({
  getParentRoute: () => root,
  path: '/publications',
  validateSearch: texts('environment', 'system', 'train'),
  component: lazyRouteComponent(() => import('./pages/publication/publications.tsx'), 'PublicationsPage'),
});
const measures = createRoute({
  getParentRoute: () => root,
  path: '/measures',
  validateSearch: texts('environment', 'system', 'days', 'of'),
  component: lazyRouteComponent(() => import('./pages/measure/measures.tsx'), 'MeasuresPage'),
});
const automation = createRoute({
  getParentRoute: () => root,
  path: '/automation',
  validateSearch: texts('system'),
  component: lazyRouteComponent(() => import('./pages/automation/automation.tsx'), 'AutomationPage'),
});
const socle = createRoute({
  getParentRoute: () => root,
  path: '/images/$name',
  component: lazyRouteComponent(() => import('./pages/record/socle.tsx'), 'SoclePage'),
});
const images = createRoute({
  getParentRoute: () => root,
  path: '/images',
  component: lazyRouteComponent(() => import('./pages/record/images.tsx'), 'ImagesPage'),
});
const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  validateSearch: texts('q'),
  component: lazyRouteComponent(() => import('./pages/record/audit.tsx'), 'AuditPage'),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings.tsx'), 'SettingsPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    ...[estate, component, deployments, deployment, drift, changes, change],
    ...[calendar, trains, train, publications, measures],
    ...[automation, images, socle, audit, settings],
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
