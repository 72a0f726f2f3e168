import type { Endpoint } from '#kernel/http/index.ts';
import { createAddressSigner } from './artifacts/address-signer.ts';
import { artifactEndpoints } from './artifacts/endpoints.ts';
import { createMultipartUploads } from './artifacts/multipart.ts';
import { createSharedFolders } from './artifacts/shared-folders.ts';
import { createCommands, type TrackingCommands } from './commands.ts';
import { importEndpoints } from './import/endpoints.ts';
import { evaluationDatasetEndpoints } from './evaluation-datasets/endpoints.ts';
import { experimentEndpoints } from './experiments/endpoints.ts';
import { createLogIntake } from './log/log-intake.ts';
import { createLoggedRuns } from './runs/logged-runs.ts';
import { loggedModelEndpoints } from './logged-models/endpoints.ts';
import { metricEndpoints } from './metrics/endpoints.ts';
import { createRunNames } from './log/name-store.ts';
import { createStatistics } from './search/statistics-store.ts';
import { runEndpoints } from './runs/endpoints.ts';
import { runListEndpoints } from './runs/list-endpoints.ts';
import { mlflowRoutes } from './mlflow/routes.ts';
import type { MlflowRoute } from './mlflow/protocol/index.ts';
import { createSubjects } from './metrics/subject-store.ts';
import type { TrackingDeps, Workshop } from './service.ts';
import { createTidying } from './tidy.ts';
import { traceEndpoints } from './traces/endpoints.ts';
import { runTableEndpoints } from './table/endpoints.ts';
import { runViewEndpoints } from './views/endpoints.ts';
import { createRunViews } from './views/service.ts';

export interface Tracking extends TrackingCommands {
  readonly endpoints: readonly Endpoint[];
  /** What MLflow's clients may ask of tracking. */
  readonly mlflow: readonly MlflowRoute[];
  /** Starts what works by itself. */
  start(): Promise<void>;
}

/** Experiments and runs: what was tried, with which code, data and settings, and what came out. */
export function createTracking({ kernel, identity }: TrackingDeps): Tracking {
  const { database } = kernel.events;
  const workshop: Workshop = {
    clock: kernel.clock,
    ids: kernel.ids,
    events: kernel.events,
    objects: kernel.objects,
    database,
    projects: identity,
    names: createRunNames(database),
    statistics: createStatistics(database, kernel.clock),
    subjects: createSubjects(database),
    runs: createLoggedRuns(database),
    intake: createLogIntake(database),
    shared: createSharedFolders(),
  };
  const commands = createCommands(workshop);
  const endpoints = [
    ...runListEndpoints(commands),
    ...runEndpoints(commands),
    ...metricEndpoints(commands),
    ...artifactEndpoints(commands),
    ...loggedModelEndpoints(commands),
    ...experimentEndpoints(commands),
    ...traceEndpoints(commands),
    ...evaluationDatasetEndpoints(commands),
    ...importEndpoints(commands),
    ...runTableEndpoints(workshop),
    ...runViewEndpoints(createRunViews(workshop)),
  ];
  const files = {
    clock: kernel.clock,
    signer: createAddressSigner({ clock: kernel.clock, home: kernel.home }),
    uploads: createMultipartUploads(workshop),
  };
  const tidying = kernel.jobs === undefined ? undefined : createTidying(workshop, kernel.jobs);
  return { ...commands, endpoints, mlflow: mlflowRoutes(commands, files), start: async () => tidying?.start() };
}
