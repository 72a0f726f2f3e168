import type { TrackingCommands } from '../commands.ts';
import type { MetricPoint } from '../model.ts';

/** One metric of a run, or the steps of it that are meant (inclusive). */
export interface Series {
  readonly project: string;
  readonly run: string;
  readonly metric: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The points of a series behind `after`, page by page, so that the longest takes no more memory than a page. */
export type Pages = (series: Series, after?: MetricPoint) => AsyncIterable<readonly MetricPoint[]>;

export function historyPages(tracking: TrackingCommands, limit: number): Pages {
  return async function* pagesOf({ project, run, metric, from, to }, start) {
    let after = start;
    for (;;) {
      const page = await tracking.metricHistory({ project, run }, { metric, fromStep: from, toStep: to, after, limit });
      yield page.items;
      after = page.items.at(-1);
      if (!page.more || after === undefined) return;
    }
  };
}
