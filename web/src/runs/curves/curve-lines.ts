import type { CurveWire } from '#tracking/wire.ts';
import type { LineSeries } from '../../charts/line-data.ts';
import { seriesOf } from '../curve-series.ts';
import { smooth } from './smooth.ts';

/** How all curves of a page are drawn. */
export interface CurveSettings {
  /** 0 to 0.99. */
  readonly smoothing: number;
  readonly log: boolean;
  /** Steps, time since the run began, or the clock. */
  readonly x: 'step' | 'relative' | 'time';
}

export const plainSettings: CurveSettings = { smoothing: 0, log: false, x: 'step' };

export interface CurveName {
  readonly name: string;
  readonly colour: number;
  /** Epoch ms; where relative time begins. */
  readonly startedAt: number;
}

/** Curves as lines; with smoothing each has what it was made from pale behind it. */
export function curveLines(
  curves: readonly CurveWire[],
  nameOf: (curve: CurveWire) => CurveName | undefined,
  { smoothing, x }: CurveSettings,
): readonly LineSeries[] {
  return curves.flatMap((curve): LineSeries[] => {
    const named = nameOf(curve);
    if (named === undefined) return [];
    const { name, colour, startedAt } = named;
    const { points } = seriesOf(curve, name);
    const placed = x === 'relative' ? points.map((point) => ({ ...point, x: point.x - startedAt })) : points;
    if (smoothing === 0) return [{ name, colour, points: placed }];
    return [
      { name, colour, points: placed, faint: true },
      { name, colour, points: smooth(placed, smoothing) },
    ];
  });
}
