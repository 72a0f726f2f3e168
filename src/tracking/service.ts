import type { Kernel } from '#kernel/kernel.ts';
import type { RunNames } from './name-store.ts';

/** What tracking asks of the module that owns projects. @throws when there is no such project */
export interface Projects {
  project(name: string): Promise<{ readonly name: string }>;
}

export interface TrackingDeps {
  readonly kernel: Pick<Kernel, 'clock' | 'ids' | 'events' | 'objects'>;
  readonly identity: Projects;
}

/** What the commands work with. */
export interface Workshop extends Pick<Kernel, 'clock' | 'ids' | 'events' | 'objects' | 'database'> {
  readonly projects: Projects;
  readonly names: RunNames;
}

export const source = 'tracking';

export function runSubject(run: { readonly project: string; readonly id: string }): string {
  return `projects/${run.project}/runs/${run.id}`;
}
