import { mostPoints, type SourceRun, type SourceSeries } from '../source.ts';
import { orNothing, pages } from './pages.ts';
import type { LoggedModelMessage, MetricMessage } from './http-messages.ts';
import { type MlflowClient, SourceRefusal } from './mlflow-client.ts';

/** MLflow gives no more in one answer, and says nothing of the rest. */
const mostInBulk = 25_000;
const runsInBulk = 100;
const historyPage = 20_000;

/** All histories: many runs with one question for each metric, and page by page where there is more than one answer holds. */
export async function* readSeries(client: MlflowClient, runs: readonly SourceRun[]): AsyncGenerator<SourceSeries> {
  const missing = new Set<string>();
  for (let start = 0; start < runs.length; start += runsInBulk) {
    for await (const part of bulk(client, runs.slice(start, start + runsInBulk))) {
      part.values.forEach((value, index) => Number.isNaN(value) && missing.add(placeOf(part, index)));
      yield part;
    }
  }
  for (const run of runs) yield* subjectSeries(client, run, missing);
}

async function* bulk(client: MlflowClient, runs: readonly SourceRun[]): AsyncGenerator<SourceSeries> {
  const byMetric = new Map<string, string[]>();
  for (const { id, metrics } of runs) {
    for (const { name } of metrics) {
      const known = byMetric.get(name);
      if (known === undefined) byMetric.set(name, [id]);
      else known.push(id);
    }
  }
  for (const [name, ids] of byMetric) {
    const found = await ask(client, name, ids);
    if (found === undefined) for (const id of ids) yield* history(client, id, name);
    else yield* seriesOf(name, found);
  }
}

/** Undefined where the answer may not be whole. */
async function ask(client: MlflowClient, name: string, ids: readonly string[]): Promise<readonly MetricMessage[] | undefined> {
  try {
    const query = { run_id: ids, metric_key: name, max_results: mostInBulk };
    const { metrics = [] } = await client.get<{ metrics?: MetricMessage[] }>('ajax-api/2.0/mlflow/metrics/get-history-bulk', query);
    return metrics.length >= mostInBulk || metrics.length < ids.length ? undefined : metrics;
  } catch (error) {
    if (error instanceof SourceRefusal) return undefined;
    throw error;
  }
}

function* seriesOf(name: string, points: readonly MetricMessage[]): Generator<SourceSeries> {
  let part: SourceSeries | undefined;
  for (const point of points) {
    const run = point.run_id ?? '';
    if (part !== undefined && (part.run !== run || part.steps.length >= mostPoints)) {
      yield part;
      part = undefined;
    }
    part ??= { run, name, steps: [], times: [], values: [] };
    add(part, point);
  }
  if (part !== undefined) yield part;
}

function add(part: SourceSeries, { step, timestamp, value }: MetricMessage): void {
  part.steps.push(Number(step ?? 0));
  part.times.push(Number(timestamp ?? 0));
  part.values.push(Number(value ?? 0));
}

async function* history(client: MlflowClient, run: string, name: string): AsyncGenerator<SourceSeries> {
  const next = (token: string | undefined) =>
    client.get<{ metrics?: MetricMessage[]; next_page_token?: string }>('api/2.0/mlflow/metrics/get-history', {
      run_id: run,
      metric_key: name,
      max_results: historyPage,
      page_token: token,
    });
  for await (const { metrics = [] } of pages(next)) {
    yield* seriesOf(
      name,
      metrics.map((point) => ({ ...point, run_id: run })),
    );
  }
}

/** Where a point stands, without its value. */
function placeOf({ run, name, steps, times }: SourceSeries, index: number): string {
  return JSON.stringify([run, name, steps[index], times[index]]);
}

/** What points measured is told by the logged models that the run made or read. */
async function* subjectSeries(
  client: MlflowClient,
  { id: run, inputModels, outputModels }: SourceRun,
  missing: ReadonlySet<string>,
): AsyncGenerator<SourceSeries> {
  for (const modelId of new Set([...inputModels, ...outputModels.map(({ model }) => model)])) {
    const path = `api/2.0/mlflow/logged-models/${encodeURIComponent(modelId)}`;
    const { model } = await client.get<{ model?: LoggedModelMessage }>(path).catch((error: unknown): { model?: undefined } => {
      orNothing(error);
      return {};
    });
    for (const metric of model?.data?.metrics ?? []) {
      if (metric.run_id !== run) continue;
      const about = { datasetName: metric.dataset_name, datasetDigest: metric.dataset_digest };
      const part: SourceSeries = { run, name: metric.key, modelId, ...about, steps: [], times: [], values: [] };
      add(part, metric);
      // Logged models of MLflow have a 0 for NaN.
      if (missing.has(placeOf(part, 0))) part.values[0] = Number.NaN;
      yield part;
    }
  }
}
