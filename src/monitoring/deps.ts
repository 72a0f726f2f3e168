import type { Kernel } from '#kernel/kernel.ts';
import type { Deployments, ModelVersions, Projects } from './collaborators.ts';
import type { WorkDirectory } from '#kernel/work-directory.ts';

export interface MonitoringDeps {
  readonly kernel: Pick<Kernel, 'analytics' | 'clock' | 'database' | 'events' | 'home' | 'ids' | 'jobs' | 'log' | 'objects'>;
  readonly projects: Projects;
  readonly deployments: Deployments;
  readonly modelVersions: ModelVersions;
}

/** The deps as the rooms of the module get them. */
export interface Rooms extends MonitoringDeps {
  readonly work: WorkDirectory;
}
