import type { ExplanationWire, PipelineRunDetailWire, PipelineRunWire, PipelineWire } from '#pipelines/wire.ts';
import { keepPreviousData } from '@tanstack/react-query';
import { pathOf, post } from '../api/client.ts';
import { apiPages } from '../api/pages.ts';
import { apiQuery, useAction } from '../api/queries.ts';

export const pipelinesQuery = (project: string) =>
  apiQuery<{ readonly items: readonly PipelineWire[] }>('pipelines', pathOf`/projects/${project}/pipelines`);

export interface PipelineRunSearch {
  readonly pipeline?: string | undefined;
  readonly state?: string | undefined;
}

export function pipelineRunPages(project: string, { pipeline, state }: PipelineRunSearch) {
  return {
    ...apiPages<PipelineRunWire>('pipelines', pathOf`/projects/${project}/pipeline-runs`, { pipeline, state, limit: 100 }),
    placeholderData: keepPreviousData,
  };
}

/** The last runs of one pipeline, newest first. */
export const lastRunsQuery = (project: string, pipeline: string) =>
  apiQuery<{ readonly items: readonly PipelineRunWire[] }>('pipelines', pathOf`/projects/${project}/pipeline-runs`, {
    pipeline,
    limit: 16,
  });

export const pipelineRunQuery = (project: string, id: string) =>
  apiQuery<PipelineRunDetailWire>('pipelines', pathOf`/projects/${project}/pipeline-runs/${id}`);

export const explanationQuery = (project: string, id: string) =>
  apiQuery<{ readonly items: readonly ExplanationWire[] }>('pipelines', pathOf`/projects/${project}/pipeline-runs/${id}/explanation`);

export interface RunStart {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly fresh?: boolean;
}

export const useStartRun = (project: string, pipeline: string) =>
  useAction((body: RunStart) => post<PipelineRunWire>(pathOf`/projects/${project}/pipelines/${pipeline}/runs`, body), ['pipelines']);

export const useChangeRun = (project: string, run: string, verb: 'cancel' | 'retry') =>
  useAction(
    () =>
      post<PipelineRunWire>(
        verb === 'cancel'
          ? pathOf`/projects/${project}/pipeline-runs/${run}/cancel`
          : pathOf`/projects/${project}/pipeline-runs/${run}/retry`,
      ),
    ['pipelines'],
  );

export const useDefine = (project: string) => useAction(() => post<unknown>(pathOf`/projects/${project}/pipelines`), ['pipelines']);
