import type { AssessmentSummaryWire, AssessmentWire } from '#maturity/wire.ts';
import { pathOf } from '../api/client.ts';
import { apiQuery } from '../api/queries.ts';

const dayMs = 86_400_000;

/**
 * What the address says as the API wants it: a date means its end, here where the reader is; today means now.
 * @returns undefined for now
 */
export function momentOf(at: string | undefined, now: number): string | undefined {
  if (at === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(at)) return at;
  const start = new Date(`${at}T00:00`).getTime();
  if (Number.isNaN(start)) return at;
  return start + dayMs > now ? undefined : new Date(start + dayMs - 1).toISOString();
}

export const assessmentQuery = (project: string, at: string | undefined) =>
  apiQuery<AssessmentWire>('ladder', pathOf`/projects/${project}/assessment`, { at });

export const historyQuery = (project: string) =>
  apiQuery<{ readonly items: readonly AssessmentSummaryWire[] }>('ladder', pathOf`/projects/${project}/assessments`, { limit: 200 });
