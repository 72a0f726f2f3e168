import type { ArtifactRow } from '../store.ts';

/** Where in the tables the files of one holder stand. */
export type Shelf =
  | { readonly table: 'run_artifacts'; readonly key: { readonly run: number } }
  | { readonly table: 'project_files'; readonly key: { readonly project: string; readonly holder: string } };

/** Files that no run holds: those of logged models and traces, and what lies loose in a project. */
export interface ProjectFileRow extends Omit<ArtifactRow, 'run'> {
  project: string;
  /** `model/<id>`, `trace/<id>`, or `''` for what lies loose. */
  holder: string;
}

export function runShelf(run: number): Shelf {
  return { table: 'run_artifacts', key: { run } };
}

export function projectShelf(project: string, holder: '' | `model/${string}` | `trace/${string}`): Shelf {
  return { table: 'project_files', key: { project, holder } };
}
