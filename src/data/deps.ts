import type { Kernel } from '#kernel/kernel.ts';

/** What the module needs from those below. */
export interface DataDeps {
  readonly kernel: Pick<Kernel, 'analytics' | 'clock' | 'database' | 'events' | 'home' | 'ids' | 'log' | 'objects'>;
  /** Fails when there is no such project. */
  readonly projects: { project(name: string): Promise<unknown> };
}
