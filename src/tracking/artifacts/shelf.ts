/** Where in the tables the files of one holder stand. */
export type Shelf =
  | { readonly table: 'run_artifacts'; readonly key: { readonly run: number } }
  | { readonly table: 'project_files'; readonly key: { readonly project: string; readonly holder: string } };

export function runShelf(run: number): Shelf {
  return { table: 'run_artifacts', key: { run } };
}

/** Files that no run holds. `holder` is `model/<id>`, `trace/<id>`, or empty for what lies loose. */
export function projectShelf(project: string, holder: '' | `model/${string}` | `trace/${string}`): Shelf {
  return { table: 'project_files', key: { project, holder } };
}
