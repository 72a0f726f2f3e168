import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { projectsQuery } from './api/projects.ts';
import { Frame } from './frame/frame.tsx';
import { readDatasetSearch } from './data/dataset-search.ts';
import { readEventsSearch } from './events/events-search.ts';
import { PageFailed, PageMissing, PagePending } from './frame/page-states.tsx';
import { readLadderSearch } from './ladder/ladder-search.ts';
import { readModelSearch, readVersionSearch } from './models/models-search.ts';

/** Every address of the face. Pages are read when they are first needed; their names are the folders. */

/** Keeps the named words of an address; a word that is empty or missing is left out. */
function words<Name extends string>(...names: readonly Name[]) {
  return (search: Readonly<Record<string, unknown>>): { [Key in Name]?: string | undefined } => {
    const kept = names.flatMap((name) => {
      const value = search[name];
      return (typeof value === 'string' && value !== '') || typeof value === 'number' ? [[name, String(value)] as const] : [];
    });
    // Object.fromEntries forgets which keys there are.
    return Object.fromEntries(kept) as { [Key in Name]?: string | undefined };
  };
}

const root = createRootRouteWithContext<{ readonly queries: QueryClient }>()({ component: Frame });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (search): { all?: boolean } => (search['all'] === true ? { all: true } : {}),
  beforeLoad: async ({ context, search }) => {
    if (search.all === true) return;
    // A failed read is shown by the page itself, with its way out.
    const projects = await context.queries.ensureQueryData(projectsQuery).catch(() => undefined);
    const only = projects?.items.length === 1 ? projects.items[0] : undefined;
    if (only !== undefined) throw redirect({ to: '/$project/ladder', params: { project: only.name } });
  },
  component: lazyRouteComponent(() => import('./projects/projects-page.tsx'), 'ProjectsPage'),
});

const gallery = createRoute({
  getParentRoute: () => root,
  path: '/ui',
  component: lazyRouteComponent(() => import('./gallery/gallery-page.tsx'), 'GalleryPage'),
});

const project = createRoute({
  getParentRoute: () => root,
  path: '/$project',
});

const projectHome = createRoute({
  getParentRoute: () => project,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$project/ladder', params });
  },
});

const ladder = createRoute({
  getParentRoute: () => project,
  path: '/ladder',
  validateSearch: readLadderSearch,
  component: lazyRouteComponent(() => import('./ladder/ladder-page.tsx'), 'LadderPage'),
});

const data = createRoute({
  getParentRoute: () => project,
  path: '/data',
  component: lazyRouteComponent(() => import('./data/datasets-page.tsx'), 'DatasetsPage'),
});

const dataset = createRoute({
  getParentRoute: () => project,
  path: '/data/$dataset',
  validateSearch: readDatasetSearch,
  component: lazyRouteComponent(() => import('./data/dataset-page.tsx'), 'DatasetPage'),
});

const pipelines = createRoute({
  getParentRoute: () => project,
  path: '/pipelines',
  validateSearch: words('pipeline', 'state'),
  component: lazyRouteComponent(() => import('./pipelines/pipelines-page.tsx'), 'PipelinesPage'),
});

const pipelineRun = createRoute({
  getParentRoute: () => project,
  path: '/pipelines/$pipelineRun',
  validateSearch: words('step'),
  component: lazyRouteComponent(() => import('./pipelines/pipeline-run-page.tsx'), 'PipelineRunPage'),
});

const runs = createRoute({
  getParentRoute: () => project,
  path: '/runs',
  validateSearch: words('filter', 'order', 'experiment', 'state', 'columns', 'group', 'pinned', 'lifecycle', 'view'),
  component: lazyRouteComponent(() => import('./runs/runs-page.tsx'), 'RunsPage'),
});

const compareRuns = createRoute({
  getParentRoute: () => project,
  path: '/runs/compare',
  validateSearch: (
    search,
  ): {
    ids: string;
    tab?: string | undefined;
    x?: string | undefined;
    y?: string | undefined;
    colour?: string | undefined;
    artifact?: string | undefined;
  } => ({
    ...words('tab', 'x', 'y', 'colour', 'artifact')(search),
    ids: typeof search['ids'] === 'string' ? search['ids'] : '',
  }),
  component: lazyRouteComponent(() => import('./runs/compare-runs-page.tsx'), 'CompareRunsPage'),
});

const run = createRoute({
  getParentRoute: () => project,
  path: '/runs/$run',
  validateSearch: words('artifact', 'tab'),
  component: lazyRouteComponent(() => import('./runs/run-page.tsx'), 'RunPage'),
});

const traces = createRoute({
  getParentRoute: () => project,
  path: '/traces',
  validateSearch: words('filter', 'order', 'experiment', 'state', 'run'),
  component: lazyRouteComponent(() => import('./traces/traces-page.tsx'), 'TracesPage'),
});

const trace = createRoute({
  getParentRoute: () => project,
  path: '/traces/$trace',
  validateSearch: words('span'),
  component: lazyRouteComponent(() => import('./traces/trace-page.tsx'), 'TracePage'),
});

const models = createRoute({
  getParentRoute: () => project,
  path: '/models',
  component: lazyRouteComponent(() => import('./models/models-page.tsx'), 'ModelsPage'),
});

const model = createRoute({
  getParentRoute: () => project,
  path: '/models/$model',
  validateSearch: readModelSearch,
  component: lazyRouteComponent(() => import('./models/model-page.tsx'), 'ModelPage'),
});

const modelVersion = createRoute({
  getParentRoute: () => project,
  path: '/models/$model/$version',
  validateSearch: readVersionSearch,
  component: lazyRouteComponent(() => import('./models/model-version-page.tsx'), 'ModelVersionPage'),
});

const webhooks = createRoute({
  getParentRoute: () => project,
  path: '/webhooks',
  validateSearch: words('webhook'),
  component: lazyRouteComponent(() => import('./webhooks/webhooks-page.tsx'), 'WebhooksPage'),
});

const deployments = createRoute({
  getParentRoute: () => project,
  path: '/deployments',
  component: lazyRouteComponent(() => import('./deployments/deployments-page.tsx'), 'DeploymentsPage'),
});

const deployment = createRoute({
  getParentRoute: () => project,
  path: '/deployments/$deployment',
  component: lazyRouteComponent(() => import('./deployments/deployment-page.tsx'), 'DeploymentPage'),
});

const releases = createRoute({
  getParentRoute: () => project,
  path: '/releases',
  validateSearch: words('deployment', 'state'),
  component: lazyRouteComponent(() => import('./deployments/releases-page.tsx'), 'ReleasesPage'),
});

const release = createRoute({
  getParentRoute: () => project,
  path: '/releases/$release',
  component: lazyRouteComponent(() => import('./deployments/release-page.tsx'), 'ReleasePage'),
});

const monitoring = createRoute({
  getParentRoute: () => project,
  path: '/monitoring',
  component: lazyRouteComponent(() => import('./monitoring/monitoring-page.tsx'), 'MonitoringPage'),
});

const monitoredDeployment = createRoute({
  getParentRoute: () => project,
  path: '/monitoring/$deployment',
  validateSearch: words('range', 'alert'),
  component: lazyRouteComponent(() => import('./monitoring/monitored-deployment-page.tsx'), 'MonitoredDeploymentPage'),
});

const monitorWindow = createRoute({
  getParentRoute: () => project,
  path: '/monitoring/$deployment/$window',
  component: lazyRouteComponent(() => import('./monitoring/window-page.tsx'), 'WindowPage'),
});

const events = createRoute({
  getParentRoute: () => project,
  path: '/events',
  validateSearch: readEventsSearch,
  component: lazyRouteComponent(() => import('./events/events-page.tsx'), 'EventsPage'),
});

const rooms = project.addChildren([
  projectHome,
  ladder,
  data,
  dataset,
  pipelines,
  pipelineRun,
  runs,
  compareRuns,
  run,
  traces,
  trace,
  models,
  model,
  modelVersion,
  webhooks,
  deployments,
  deployment,
  releases,
  release,
  monitoring,
  monitoredDeployment,
  monitorWindow,
  events,
]);

const routeTree = root.addChildren([home, gallery, rooms]);

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree,
    context: { queries },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    scrollToTopSelectors: ['#main'],
    defaultErrorComponent: PageFailed,
    defaultNotFoundComponent: PageMissing,
    defaultPendingComponent: PagePending,
    defaultPendingMs: 300,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: ReturnType<typeof createAppRouter>;
  }
}
