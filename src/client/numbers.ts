import type { MetricPoint, Run } from './operations.ts';

/** A run as programs calculate with it: JSON spells NaN and infinities, here they are numbers. */
export interface RunRecord extends Omit<Run, 'metrics'> {
  /** The latest value of each metric. */
  readonly metrics: Readonly<Record<string, number>>;
}

export interface MetricValue extends Omit<MetricPoint, 'value'> {
  readonly value: number;
}

export function runRecord(run: Run): RunRecord {
  const metrics = Object.entries(run.metrics).map(([name, value]): [string, number] => [name, Number(value)]);
  return { ...run, metrics: Object.fromEntries(metrics) };
}

export function metricValue(point: MetricPoint): MetricValue {
  return { ...point, value: Number(point.value) };
}
