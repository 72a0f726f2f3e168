import { existsSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { importErrors } from '../errors.ts';
import { createLocalFiles } from '../local-files.ts';
import type { Source, SourceExperiment, SourceTotals } from '../source.ts';
import { foldersIn, labelsIn, numberIn, readMeta, textIn } from './file-store-folders.ts';
import { readModels } from './file-store-models.ts';
import { notRuns, readLoggedModels, readRuns, readSeries } from './file-store-runs.ts';
import { readTraces } from './file-store-traces.ts';

/** A folder `mlruns`, as MLflow's clients write it without a server. */
export function openFileStore(path: string, roots: readonly string[]): Source {
  const given = realpathSync(path);
  const folder = !existsSync(join(given, '0')) && existsSync(join(given, 'mlruns')) ? join(given, 'mlruns') : given;
  const files = createLocalFiles({ home: dirname(folder), roots: [...roots, folder, join(folder, '.trash')] });
  return {
    ...files,
    address: `file:${folder}`,
    label: `file store ${folder}`,
    totals: () => totals(folder),
    experiments: () => experiments(folder),
    runs: (experiment) => readRuns(folder, experiment),
    series: (runs) => readSeries(folder, runs),
    loggedModels: (experiment) => readLoggedModels(folder, experiment),
    traces: (experiment) => readTraces(folder, experiment),
    models: () => readModels(folder),
    close: async () => {},
  };
}

async function totals(folder: string): Promise<SourceTotals> {
  let runs = 0;
  for (const place of [folder, join(folder, '.trash')])
    for (const name of await foldersIn(place))
      if (/^\d+$/.test(name)) runs += (await foldersIn(join(place, name))).filter((each) => !notRuns.has(each)).length;
  return { runs };
}

async function* experiments(folder: string): AsyncGenerator<SourceExperiment> {
  let found = 0;
  for (const place of [folder, join(folder, '.trash')]) {
    for (const name of await foldersIn(place)) {
      if (!/^\d+$/.test(name)) continue;
      const at = join(place, name);
      const meta = await readMeta(join(at, 'meta.yaml'));
      // A folder without it was left behind by a client that was interrupted.
      if (meta === undefined) continue;
      found += 1;
      yield {
        id: name,
        name: textIn(meta, 'name'),
        artifactLocation: textIn(meta, 'artifact_location'),
        createdAt: numberIn(meta, 'creation_time') ?? 0,
        updatedAt: numberIn(meta, 'last_update_time') ?? numberIn(meta, 'creation_time') ?? 0,
        deleted: place !== folder || textIn(meta, 'lifecycle_stage') === 'deleted',
        tags: await labelsIn(join(at, 'tags')),
      };
    }
  }
  const isStore = found > 0 || (await readdir(folder)).includes('models');
  if (!isStore)
    throw importErrors['import-source-unknown']({ source: folder, problem: 'no folder in it has a meta.yaml of an experiment' });
}
