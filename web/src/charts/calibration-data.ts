import { counted, finite, nothing, type Prepared } from './chart-model.ts';

/** Predictions between `lower` and `upper`: their mean, and the share that came true. Null: the bin is empty. */
export interface CalibrationBin {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  readonly predicted: number | null;
  readonly observed: number | null;
}

export interface CalibrationDrawing {
  readonly points: readonly { readonly predicted: number; readonly observed: number; readonly count: number; readonly share: number }[];
  /** Expected calibration error: mean distance of predicted and observed, weighted by count. */
  readonly error: number;
}

export function prepareCalibration(bins: readonly CalibrationBin[]): Prepared<CalibrationDrawing> {
  const filled = bins.flatMap((bin) => {
    const predicted = finite(bin.predicted);
    const observed = finite(bin.observed);
    return bin.count > 0 && predicted !== null && observed !== null ? [{ predicted, observed, count: bin.count }] : [];
  });
  const total = filled.reduce((sum, bin) => sum + bin.count, 0);
  if (total === 0)
    return nothing('No labelled prediction yet', 'Calibration compares predictions with what came true. Send labels: ripen monitor --help');
  const empty = bins.length - filled.length;
  const points = filled.map((bin) => ({ ...bin, share: bin.count / total }));
  return {
    kind: 'drawing',
    drawing: { points, error: points.reduce((sum, point) => sum + point.share * Math.abs(point.predicted - point.observed), 0) },
    notes: empty > 0 ? [`${counted(empty, 'range')} without predictions ${empty === 1 ? 'has' : 'have'} no point`] : [],
    table: {
      columns: ['Lower', 'Upper', 'Predictions', 'Mean predicted', 'Observed'].map((name) => ({ name, numeric: true })),
      rows: bins.map((bin) => [bin.lower, bin.upper, bin.count, finite(bin.predicted), finite(bin.observed)]),
    },
  };
}
