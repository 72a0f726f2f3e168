import type { ModelVersionWire } from '#registry/wire.ts';
import type { CurveWire, ExperimentWire, FolderEntryWire, RunWire, RunComparisonWire } from '#tracking/wire.ts';
import { keepPreviousData } from '@tanstack/react-query';
import { pathOf } from '../api/client.ts';
import { apiPages, apiQuestion, type Page } from '../api/pages.ts';
import { apiQuery } from '../api/queries.ts';

/** What a list of runs is narrowed and ordered by; all of it stands in the address. */
export interface RunSearch {
  readonly filter?: string | undefined;
  readonly order?: string | undefined;
  readonly experiment?: string | undefined;
  readonly state?: string | undefined;
}

export interface RunFields {
  readonly metrics: readonly string[];
  readonly parameters: readonly string[];
  readonly tags: readonly string[];
  readonly attributes: readonly string[];
}

export function runPages(project: string, { filter, order, experiment, state }: RunSearch) {
  return {
    ...apiPages<RunWire>('runs', pathOf`/projects/${project}/runs`, { filter, order, experiment, state, limit: 100 }),
    // While another filter is being read, the rows of the last one stay.
    placeholderData: keepPreviousData,
  };
}

export const runCountQuery = (project: string, { filter, experiment, state }: RunSearch) => ({
  ...apiQuery<{ readonly count: number }>('runs', pathOf`/projects/${project}/run-count`, { filter, experiment, state }),
  placeholderData: keepPreviousData,
});

export const runFieldsQuery = (project: string) => apiQuery<RunFields>('runs', pathOf`/projects/${project}/run-fields`);

export const experimentsQuery = (project: string) =>
  apiQuery<Page<ExperimentWire>>('runs', pathOf`/projects/${project}/experiments`, { limit: 1000 });

export const runQuery = (project: string, run: string) => apiQuery<RunWire>('runs', pathOf`/projects/${project}/runs/${run}`);

export const curvesQuery = (project: string, runs: readonly string[], metrics: readonly string[]) => ({
  ...apiQuestion<{ readonly curves: readonly CurveWire[] }>('runs', pathOf`/projects/${project}/run-curves`, { runs, metrics }),
  placeholderData: keepPreviousData,
});

export const comparisonQuery = (project: string, runs: readonly string[]) =>
  apiQuestion<RunComparisonWire>('runs', pathOf`/projects/${project}/run-comparison`, { runs });

export const runVersionsQuery = (project: string, run: string) =>
  apiQuery<{ readonly items: readonly ModelVersionWire[] }>('models', pathOf`/projects/${project}/runs/${run}/model-versions`);

export const artifactsQuery = (project: string, run: string, folder: string) =>
  apiQuery<Page<FolderEntryWire>>('runs', pathOf`/projects/${project}/runs/${run}/artifacts`, { folder, limit: 1000 });

export const artifactPath = (project: string, run: string, name: string) => pathOf`/projects/${project}/runs/${run}/artifacts/${name}`;
