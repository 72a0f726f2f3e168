import type { Kernel } from '#kernel/kernel.ts';
import type { SharedFolders } from './artifacts/shared-folders.ts';
import type { LogIntake } from './log/log-intake.ts';
import type { LoggedRuns } from './runs/logged-runs.ts';
import type { RunNames } from './log/name-store.ts';
import type { Statistics } from './search/statistics-store.ts';
import type { Subjects } from './metrics/subject-store.ts';

/** What tracking asks of the module that owns projects. @throws when there is no such project */
export interface Projects {
  project(name: string): Promise<{ readonly name: string }>;
}

export interface TrackingDeps {
  /** Without jobs nothing is tidied up by itself; without a home, signed addresses end with the process. */
  readonly kernel: Pick<Kernel, 'clock' | 'ids' | 'events' | 'objects'> & Partial<Pick<Kernel, 'home' | 'jobs'>>;
  readonly identity: Projects;
}

/** What the commands work with. */
export interface Workshop extends Pick<Kernel, 'clock' | 'ids' | 'events' | 'objects' | 'database'> {
  readonly projects: Projects;
  readonly names: RunNames;
  readonly subjects: Subjects;
  readonly runs: LoggedRuns;
  readonly intake: LogIntake;
  readonly shared: SharedFolders;
  readonly statistics: Statistics;
}

export const source = 'tracking';

export function runSubject(run: { readonly project: string; readonly id: string }): string {
  return `projects/${run.project}/runs/${run.id}`;
}
