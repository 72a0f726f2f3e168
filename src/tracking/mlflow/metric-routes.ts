import type { TrackingCommands } from '../commands.ts';
import { compareValues } from '../metrics/metric-points.ts';
import type { MetricPoint } from '../model.ts';
import { historyPages, type Pages } from './history-pages.ts';
import { readHistoryToken, writeHistoryToken } from './history-token.ts';
import { cleanReply, field, MlflowError, mlflowRoute, type MlflowRoute, rawReply } from './protocol/index.ts';
import { intervalRoute } from './interval-route.ts';
import { type PointMessage, pointMessage } from './point-message.ts';

const mostRuns = 100;
const mostPoints = 25_000;
/** How the metrics of runs went; `pointsAtOnce` are read, and held, at once. */
export function metricRoutes(tracking: TrackingCommands, pointsAtOnce = 25_000): MlflowRoute[] {
  const pages = historyPages(tracking, pointsAtOnce);
  return [historyRoute(tracking, pages, pointsAtOnce), bulkRoute(tracking), intervalRoute(pages)];
}

function historyRoute(tracking: TrackingCommands, pages: Pages, pointsAtOnce: number): MlflowRoute {
  return mlflowRoute({
    method: 'get',
    path: '2.0/mlflow/metrics/get-history',
    action: 'runs:read',
    summary: 'All points of a metric of a run, or a page of them',
    request: {
      run_id: field.text().required(),
      metric_key: field.text().required(),
      page_token: field.text(),
      max_results: field.whole(),
    },
    aliases: { run_uuid: 'run_id' },
    async handle({ run_id: run, metric_key: metric, page_token: token, max_results: wanted }, { project }) {
      if (wanted !== undefined && wanted <= 0)
        throw invalid(`Invalid value ${wanted} for parameter 'max_results' supplied. It must be a positive integer.`);
      const after = token === undefined || token === '' ? undefined : readHistoryToken(token, metric);
      const limit = Math.min(wanted ?? pointsAtOnce, pointsAtOnce);
      const first = await tracking.metricHistory({ project, run }, { metric, after, limit });
      const last = first.items.at(-1);
      if (!first.more || last === undefined)
        return cleanReply(last === undefined ? {} : { metrics: first.items.toSorted(byTime).map(pointMessage(metric)) });
      if (wanted !== undefined)
        return cleanReply({ metrics: first.items.map(pointMessage(metric)), next_page_token: writeHistoryToken(last, metric) });
      const body = ReadableStream.from(jsonOf(first.items, pages({ project, run, metric }, last), metric));
      return rawReply({ status: 200, headers: { 'content-type': 'application/json' }, body });
    },
  });
}

async function* jsonOf(
  first: readonly MetricPoint[],
  rest: AsyncIterable<readonly MetricPoint[]>,
  metric: string,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const text = (points: readonly MetricPoint[]) => JSON.stringify(points.map(pointMessage(metric))).slice(1, -1);
  yield encoder.encode(`{"metrics":[${text(first)}`);
  for await (const page of rest) if (page.length > 0) yield encoder.encode(`,${text(page)}`);
  yield encoder.encode(']}');
}

function bulkRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'get',
    path: '2.0/mlflow/metrics/get-history-bulk',
    action: 'runs:read',
    summary: 'Points of a metric of several runs',
    request: { run_id: field.list(field.text()), metric_key: field.text(), max_results: field.whole() },
    async handle({ run_id: runs = [], metric_key: metric, max_results: wanted = mostPoints }, { project }) {
      if (runs.length === 0) throw invalid('GetMetricHistoryBulk request must specify at least one run_id.');
      if (runs.length > mostRuns)
        throw invalid(`GetMetricHistoryBulk request cannot specify more than ${mostRuns} run_ids. Received ${runs.length} run_ids.`);
      if (metric === undefined) throw invalid('GetMetricHistoryBulk request must specify a metric_key.');
      const limit = Math.max(0, Math.min(wanted, mostPoints));
      const metrics: (PointMessage & { readonly run_id: string })[] = [];
      for (const run of [...new Set(runs)].toSorted()) {
        if (metrics.length >= limit) break;
        const { items } = await tracking.metricHistory({ project, run }, { metric, limit: limit - metrics.length });
        metrics.push(...items.toSorted(byTime).map((point) => ({ ...pointMessage(metric)(point), run_id: run })));
      }
      return cleanReply({ metrics });
    },
  });
}

function invalid(message: string): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', message);
}

/** The order of MLflow. Ripen's is by step first; they differ only where steps go back while time goes on. */
function byTime(a: MetricPoint, b: MetricPoint): number {
  return a.time - b.time || a.step - b.step || compareValues(a.value, b.value);
}
