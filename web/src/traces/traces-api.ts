import type { TraceWire, TraceWithSpansWire } from '#tracking/traces/wire.ts';
import type { ExperimentWire } from '#tracking/wire.ts';
import { keepPreviousData } from '@tanstack/react-query';
import { pathOf } from '../api/client.ts';
import { apiPages, type Page } from '../api/pages.ts';
import { apiQuery } from '../api/queries.ts';

/** What a list of traces is narrowed and ordered by; all of it stands in the address. */
export interface TraceSearch {
  readonly filter?: string | undefined;
  readonly order?: string | undefined;
  readonly experiment?: string | undefined;
  readonly state?: string | undefined;
  readonly run?: string | undefined;
}

export function tracePages(project: string, { filter, order, experiment, state, run }: TraceSearch) {
  return {
    ...apiPages<TraceWire>('traces', pathOf`/projects/${project}/traces`, { filter, order, experiment, state, run, limit: 100 }),
    placeholderData: keepPreviousData,
  };
}

export const traceCountQuery = (project: string, { filter, experiment, state, run }: TraceSearch) =>
  apiQuery<{ readonly count: number }>('traces', pathOf`/projects/${project}/trace-count`, { filter, experiment, state, run });

export const traceQuery = (project: string, trace: string) =>
  apiQuery<TraceWithSpansWire>('traces', pathOf`/projects/${project}/traces/${trace}`);

export const traceExperimentsQuery = (project: string) =>
  apiQuery<Page<ExperimentWire>>('runs', pathOf`/projects/${project}/experiments`, { limit: 1000 });
