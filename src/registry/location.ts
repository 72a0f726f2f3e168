import type { LightVersionRow } from './version-store.ts';

/** Below this folder of the artifact proxy lie the files of model versions, by number of the model and of the version: renaming moves nothing. */
export const versionsFolder = 'model-versions';

/** Where clients find the files: a version's own files through the artifact proxy, else the place it was registered with. */
export function locationOf(row: Pick<LightVersionRow, 'model' | 'version' | 'location' | 'source'>, hasFiles: boolean): string {
  const own = `mlflow-artifacts:/${versionsFolder}/${row.model}/${row.version}`;
  return hasFiles ? own : (row.location ?? row.source ?? own);
}
