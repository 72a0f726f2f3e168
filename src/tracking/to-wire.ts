import { present } from '#kernel/present.ts';
import type { ComparedRow, RunComparison } from './runs/compare-runs.ts';
import type { Curve } from './metrics/metrics.ts';
import type { Experiment, ExperimentSummary, MetricPoint, Run } from './model.ts';
import {
  wireNumber,
  type CurveWire,
  type ExperimentWire,
  type MetricPointWire,
  type NumberWire,
  type RunWire,
  type RunComparisonWire,
} from './wire.ts';

/** Domain objects as JSON. Members that are undefined disappear when they are written. */

export function wireRun(run: Run): RunWire {
  const metrics = Object.fromEntries(run.metrics.map(({ name, value }) => [name, wireNumber(value)]));
  return {
    ...present(run),
    metrics,
    inputs: run.inputs.map((input) => ({ ...present(input) })),
    inputModels: run.inputModels.map(present),
    outputModels: run.outputModels.map(present),
  };
}

export function wirePoint(point: MetricPoint): MetricPointWire {
  const { step, time, value, modelId, datasetName, datasetDigest } = point;
  const wire = { step, time, value: wireNumber(value) };
  // A history has many points, and few of them say more.
  const isPlain = modelId === undefined && datasetName === undefined && datasetDigest === undefined;
  return isPlain ? wire : { ...wire, ...present({ modelId, datasetName, datasetDigest }) };
}

export function wireCurve({ run, metric, points, sampled, buckets }: Curve): CurveWire {
  const orNull = (value: number | undefined) => (value === undefined ? null : wireNumber(value));
  return {
    run,
    metric,
    points,
    sampled,
    from: buckets.map((bucket) => bucket.from),
    to: buckets.map((bucket) => bucket.to),
    count: buckets.map((bucket) => bucket.count),
    missing: buckets.map((bucket) => bucket.missing),
    min: buckets.map((bucket) => orNull(bucket.min)),
    max: buckets.map((bucket) => orNull(bucket.max)),
    mean: buckets.map((bucket) => orNull(bucket.mean)),
  };
}

export function wireExperiment(experiment: Experiment | ExperimentSummary): ExperimentWire {
  return present(experiment);
}

export function wireComparison(comparison: RunComparison): RunComparisonWire {
  const texts = (rows: readonly ComparedRow<string>[]) => rows.map((row) => ({ ...row, values: row.values.map((value) => value ?? null) }));
  const numbers = (rows: readonly ComparedRow<number>[]) =>
    rows.map((row) => ({ ...row, values: row.values.map((value): NumberWire | null => (value === undefined ? null : wireNumber(value))) }));
  return {
    runs: comparison.runs.map(wireRun),
    parameters: texts(comparison.parameters),
    metrics: numbers(comparison.metrics),
    tags: texts(comparison.tags),
    inputs: texts(comparison.inputs),
    origin: texts(comparison.origin),
  };
}
