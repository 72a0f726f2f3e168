import type { CurveWire } from '#tracking/wire.ts';
import type { LineSeries } from '../charts/line-data.ts';

/** A curve as a line: each bucket at its first step with its mean; a bucket without a number is a gap. */
export function seriesOf(curve: CurveWire, name: string): LineSeries {
  const points = curve.from.map((x, index) => {
    const mean = curve.mean[index];
    return { x, y: mean === null || mean === undefined ? null : Number(mean) };
  });
  return { name, points };
}

const roles = ['train', 'training', 'validation', 'valid', 'val', 'test', 'eval', 'evaluation'];
const roleBefore = new RegExp(`^(?:${roles.join('|')})[_./-]`, 'i');
const roleBehind = new RegExp(`[_./-](?:${roles.join('|')})$`, 'i');

/** What a metric measures, whichever rows it was measured on: `validation_loss` and `loss` belong into one chart. */
export function measureOf(metric: string): string {
  return metric.replace(roleBefore, '').replace(roleBehind, '');
}

/** Metrics that belong into one chart, in the order of the names. */
export function groupMetrics(metrics: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return Map.groupBy(metrics, measureOf);
}
