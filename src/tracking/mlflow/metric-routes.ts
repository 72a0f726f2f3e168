import type { TrackingCommands } from '../commands.ts';
import { compareValues } from '../metric-points.ts';
import type { MetricPoint } from '../model.ts';
import { readHistoryToken, writeHistoryToken } from './history-token.ts';
import {
  cleanReply,
  field,
  metricNumber,
  MlflowError,
  mlflowRoute,
  type MlflowCall,
  type MlflowRoute,
  rawReply,
} from './protocol/index.ts';
import { sampledPoints } from './sample-history.ts';

const mostRuns = 100;
const mostPoints = 25_000;
const mostSampled = 2500;
/** So many points are read, and held, at once. */
const pointsAtOnce = 25_000;

/** How the metrics of runs went. */
export function metricRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [historyRoute(tracking), bulkRoute(tracking), intervalRoute(tracking)];
}

function historyRoute(tracking: TrackingCommands): MlflowRoute {
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
        throw new MlflowError(
          'INVALID_PARAMETER_VALUE',
          `Invalid value ${wanted} for parameter 'max_results' supplied. It must be a positive integer.`,
        );
      const after = token === undefined || token === '' ? undefined : readHistoryToken(token, metric);
      const limit = Math.min(wanted ?? pointsAtOnce, pointsAtOnce);
      const first = await tracking.metricHistory({ project, run }, { metric, after, limit });
      const last = first.items.at(-1);
      if (!first.more || last === undefined)
        return cleanReply(first.items.length === 0 ? {} : { metrics: first.items.toSorted(byTime).map(pointMessage(metric)) });
      if (wanted !== undefined)
        return cleanReply({ metrics: first.items.map(pointMessage(metric)), next_page_token: writeHistoryToken(last, metric) });
      const pages = allPages(tracking, { project, run, metric }, first.items);
      return rawReply({ status: 200, headers: { 'content-type': 'application/json' }, body: ReadableStream.from(jsonOf(pages, metric)) });
    },
  });
}

interface Series {
  readonly project: string;
  readonly run: string;
  readonly metric: string;
}

/** Every page of a history, when the first one is already there. */
async function* allPages(
  tracking: TrackingCommands,
  { metric, ...run }: Series,
  first: readonly MetricPoint[],
): AsyncGenerator<readonly MetricPoint[]> {
  let page: { readonly items: readonly MetricPoint[]; readonly more: boolean } = { items: first, more: true };
  for (;;) {
    yield page.items;
    const after = page.items.at(-1);
    if (!page.more || after === undefined) return;
    page = await tracking.metricHistory(run, { metric, after, limit: pointsAtOnce });
  }
}

async function* jsonOf(pages: AsyncIterable<readonly MetricPoint[]>, metric: string): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let separator = '{"metrics":[';
  for await (const page of pages) {
    yield encoder.encode(separator + JSON.stringify(page.map(pointMessage(metric))).slice(1, -1));
    separator = ',';
  }
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
      const metrics: PointOfRun[] = [];
      for (const run of [...new Set(runs)].toSorted()) {
        if (metrics.length >= limit) break;
        const { items } = await tracking.metricHistory({ project, run }, { metric, limit: limit - metrics.length });
        metrics.push(...items.toSorted(byTime).map((point) => ({ ...pointMessage(metric)(point), run_id: run })));
      }
      return cleanReply({ metrics });
    },
  });
}

function intervalRoute(tracking: TrackingCommands): MlflowRoute {
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
    async handle({ run_ids: runs, metric_key: metric, start_step: from, end_step: to, max_results: most = mostSampled }, call) {
      checkInterval(runs, { from, to, most });
      const metrics = await sampledPoints({ runs: [...new Set(runs)], from, to, most }, (run) =>
        pagesOf(tracking, call, { run, metric, from, to }),
      );
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

async function* pagesOf(
  tracking: TrackingCommands,
  { project }: MlflowCall,
  { run, metric, from, to }: { run: string; metric: string; from: number | undefined; to: number | undefined },
): AsyncGenerator<readonly MetricPoint[]> {
  let after: MetricPoint | undefined;
  for (;;) {
    const page = await tracking.metricHistory({ project, run }, { metric, fromStep: from, toStep: to, after, limit: pointsAtOnce });
    yield page.items;
    after = page.items.at(-1);
    if (!page.more || after === undefined) return;
  }
}

function invalid(message: string): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', message);
}

interface PointMessage {
  readonly key: string;
  readonly value: number | 'NaN';
  readonly timestamp: number;
  readonly step: number;
}

type PointOfRun = PointMessage & { readonly run_id: string };

function pointMessage(key: string): (point: MetricPoint) => PointMessage {
  return ({ value, time, step }) => ({ key, value: metricNumber(value), timestamp: time, step });
}

/** The order of MLflow. Ripen's is by step first; they differ only where steps go back while time goes on. */
function byTime(a: MetricPoint, b: MetricPoint): number {
  return a.time - b.time || a.step - b.step || compareValues(a.value, b.value);
}
