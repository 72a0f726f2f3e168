import { RipenError } from '#kernel/errors.ts';
import type { TrackingCommands } from '../commands.ts';
import type { MetricEntry } from '../model.ts';
import { checkKey, checkRunId } from './key-rules.ts';
import { field, MlflowError, mlflowRoute, type MlflowCall, type MlflowRoute } from './protocol/index.ts';
import { meaningOfTags, type Tag } from './run-tags.ts';
import { cutParameterValue, cutTagValue } from './value-limits.ts';

const metricFields = {
  key: field.text().required(),
  value: field.number().required(),
  timestamp: field.whole().required(),
  step: field.whole(),
  model_id: field.text(),
  dataset_name: field.text(),
  dataset_digest: field.text(),
};
const aliases = { run_uuid: 'run_id' } as const;
const atOnce = { metrics: 1000, params: 100, tags: 100, all: 1000 } as const;

/** What training loops send. */
export function logRoutes(tracking: TrackingCommands): MlflowRoute[] {
  return [metricRoute(tracking), parameterRoute(tracking), batchRoute(tracking)];
}

function metricRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '2.0/mlflow/runs/log-metric',
    action: 'runs:write',
    summary: 'Adds a point of a metric',
    request: { run_id: field.text().required(), ...metricFields },
    aliases,
    async handle(input, { project }) {
      await tracking.logMetric({ project, run: input.run_id }, metricOf(input, 'name', 'timestamp'));
      return {};
    },
  });
}

interface MetricMessage {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number | undefined;
  readonly model_id: string | undefined;
  readonly dataset_name: string | undefined;
  readonly dataset_digest: string | undefined;
}

function metricOf(metric: MetricMessage, namePath: string, timePath: string): MetricEntry {
  checkKey(metric.key, namePath, 'Metric name');
  if (metric.timestamp < 0) throw negativeTimestamp(metric, timePath);
  return entryOf(metric);
}

/** As `metricOf`; a batch has few keys, each of them many times. */
function metricsOf(metrics: readonly MetricMessage[]): MetricEntry[] {
  const checked = new Set<string>();
  return metrics.map((metric, index) => {
    if (!checked.has(metric.key)) checked.add(checkKey(metric.key, `metrics[${index}].name`, 'Metric name'));
    if (metric.timestamp < 0) throw negativeTimestamp(metric, `metrics[${index}].timestamp`);
    return entryOf(metric);
  });
}

function entryOf(metric: MetricMessage): MetricEntry {
  const { key: name, value, timestamp: time, step = 0 } = metric;
  // An empty text is how clients say that there is none.
  if (!metric.model_id && !metric.dataset_name) return { name, value, time, step };
  const { model_id: modelId, dataset_name: datasetName, dataset_digest: datasetDigest } = metric;
  return {
    name,
    value,
    time,
    step,
    modelId: modelId || undefined,
    datasetName: datasetName || undefined,
    datasetDigest: datasetDigest || undefined,
  };
}

function negativeTimestamp({ key, value, timestamp }: MetricMessage, path: string): MlflowError {
  return new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid value ${timestamp} for parameter '${path}' supplied: metric '${key}' (value=${Number.isInteger(value) ? `${value}.0` : value}). Timestamp must be a nonnegative long (64-bit integer) `,
  );
}

function parameterRoute(tracking: TrackingCommands): MlflowRoute {
  return mlflowRoute({
    method: 'post',
    path: '2.0/mlflow/runs/log-parameter',
    action: 'runs:write',
    summary: 'Adds a parameter; the same again changes nothing',
    request: { run_id: field.text().required(), key: field.text().required(), value: field.text() },
    aliases,
    async handle({ run_id: run, key, value = '' }, { project }) {
      const parameters = { [checkKey(key, 'key', 'Param key')]: cutParameterValue(value) };
      await tracking.log({ project, run }, { parameters });
      return {};
    },
  });
}

function batchRoute(tracking: TrackingCommands): MlflowRoute {
  const pair = field.message({ key: field.text().required(), value: field.text() });
  return mlflowRoute({
    method: 'post',
    path: '2.0/mlflow/runs/log-batch',
    action: 'runs:write',
    summary: 'Adds metrics, params and tags, all or nothing',
    request: {
      run_id: field.text().required(),
      metrics: field.list(field.message(metricFields)),
      params: field.list(pair),
      tags: field.list(pair),
    },
    aliases,
    handle({ run_id: id, metrics = [], params = [], tags = [] }, call) {
      const run = checkRunId(id);
      const entries = metricsOf(metrics);
      const pairs = params.map(
        ({ key, value = '' }, index) => [checkKey(key, `params[${index}].key`, 'Param key'), cutParameterValue(value)] as const,
      );
      const list = tags.map(({ key, value = '' }, index) => ({ key: checkKey(key, `tags[${index}].key`), value: cutTagValue(value) }));
      checkCounts({ metrics: metrics.length, params: params.length, tags: tags.length });
      return logAll(tracking, call, { run, metrics: entries, parameters: parametersOf(pairs), list });
    },
  });
}

/** Not an async function, which would keep the metrics until they are written. */
function logAll(
  tracking: TrackingCommands,
  { project, context }: MlflowCall,
  batch: { run: string; metrics: readonly MetricEntry[]; parameters: Readonly<Record<string, string>>; list: readonly Tag[] },
): Promise<object> {
  const { run, metrics, parameters } = batch;
  const { tags, report } = meaningOfTags(batch.list);
  const logged = tracking.log({ project, run }, { metrics, parameters, tags }).catch(refuseInBatchWords);
  return logged.then(async () => {
    if (report !== undefined) await tracking.reportRun(context, { project, run }, report);
    return {};
  });
}

/** MLflow says it otherwise of a batch than of one param. */
function refuseInBatchWords(cause: unknown): never {
  if (!(cause instanceof RipenError) || cause.code !== 'tracking.parameter-changed') throw cause;
  const { run, parameter, value, attempted } = cause.details ?? {};
  throw new MlflowError(
    'INVALID_PARAMETER_VALUE',
    `Changing param values is not allowed. Params were already logged='[{'key': '${String(parameter)}', 'old_value': '${String(value)}', 'new_value': '${String(attempted)}'}]' for run ID='${String(run)}'.`,
    { cause },
  );
}

/** @throws MlflowError INVALID_PARAMETER_VALUE when a key stands twice */
function parametersOf(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const parameters = new Map(pairs);
  if (parameters.size < pairs.length) {
    const seen = new Set<string>();
    const twice = pairs.flatMap(([key]) => (seen.size === seen.add(key).size ? [key] : []));
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `Duplicate parameter keys have been submitted: [${twice.map((key) => `'${key}'`).join(', ')}]. Please ensure the request contains only one param value per param key.`,
    );
  }
  return Object.fromEntries(parameters);
}

function checkCounts(counts: { readonly metrics: number; readonly params: number; readonly tags: number }): void {
  const { metrics, params, tags } = counts;
  for (const [what, count, limit] of [
    ['metrics', metrics, atOnce.metrics],
    ['params', params, atOnce.params],
    ['tags', tags, atOnce.tags],
    ['metrics, params, and tags', metrics + params + tags, atOnce.all],
  ] as const) {
    if (count > limit)
      throw new MlflowError(
        'INVALID_PARAMETER_VALUE',
        `A batch logging request can contain at most ${limit} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`,
      );
  }
}
