import type { Pages } from './history-pages.ts';
import { pointMessage } from './point-message.ts';
import { field, MlflowError, mlflowRoute, type MlflowRoute } from './protocol/index.ts';
import { sampledPoints } from './sample-history.ts';

const mostRuns = 100;
const mostSampled = 2500;

export function intervalRoute(pages: Pages): MlflowRoute {
  return mlflowRoute({
    method: 'get',
    path: '2.0/mlflow/metrics/get-history-bulk-interval',
    action: 'runs:read',
    summary: 'Points of a metric of several runs at evenly spread steps',
    request: {
      run_ids: field.list(field.text()).required(),
      metric_key: field.text().required(),
      start_step: field.whole(),
      end_step: field.whole(),
      max_results: field.whole(),
    },
    async handle({ run_ids: runs, metric_key: metric, start_step: from, end_step: to, max_results: most = mostSampled }, { project }) {
      checkInterval(runs, { from, to, most });
      const metrics = await sampledPoints({ runs: [...new Set(runs)], from, to, most }, (run) => pages({ project, run, metric, from, to }));
      return { metrics: metrics.map(({ run, point }) => ({ ...pointMessage(metric)(point), run_id: run })) };
    },
  });
}

/** @throws MlflowError INVALID_PARAMETER_VALUE */
function checkInterval(runs: readonly string[], of: { from: number | undefined; to: number | undefined; most: number }): void {
  if (runs.length > mostRuns)
    throw invalid(`GetMetricHistoryBulkInterval request must specify at most ${mostRuns} run_ids. Received ${runs.length} run_ids.`);
  if (of.most < 1 || of.most > mostSampled) throw invalid(`max_results must be between 1 and ${mostSampled}.`);
  if ((of.from === undefined) !== (of.to === undefined))
    throw invalid('If either start step or end step are specified, both must be specified.');
  if (of.from !== undefined && of.to !== undefined && of.from > of.to)
    throw invalid(`end_step must be greater than start_step. Found start_step=${of.from} and end_step=${of.to}.`);
}

function invalid(message: string): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', message);
}
