import type { MetricPoint } from '../model.ts';
import { metricNumber } from './protocol/index.ts';

export interface PointMessage {
  readonly key: string;
  readonly value: number | 'NaN';
  readonly timestamp: number;
  readonly step: number;
}

/** Makes the messages of the points of one metric. */
export function pointMessage(key: string): (point: MetricPoint) => PointMessage {
  return ({ value, time, step }) => ({ key, value: metricNumber(value), timestamp: time, step });
}
