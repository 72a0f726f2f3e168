import type { Histogram } from '#kernel/statistics/index.ts';
import type { Alert, ColumnDetail, MonitorWindow, WindowDetail } from './model.ts';
import type { AlertWire, ColumnWire, HistogramWire, WindowDetailWire, WindowWire } from './wire.ts';
import type { Reference } from './windows/reference.ts';

export function windowToWire(window: MonitorWindow): WindowWire {
  const { start, end, state, predictions, labelled, version, evaluatedAt, metrics, reference, drift } = window;
  const changing = window.changes > window.evaluated;
  return {
    start,
    end,
    state,
    changing,
    predictions,
    labelled,
    version,
    evaluatedAt,
    metrics,
    reference,
    drifted: drift.found.map((one) => ({ ...one })),
  };
}

export function detailToWire(window: MonitorWindow, detail: WindowDetail | undefined, reference: Reference | undefined): WindowDetailWire {
  return {
    ...windowToWire(window),
    versions: (detail?.versions ?? []).map((one) => ({ ...one })),
    duplicates: detail?.duplicates ?? 0,
    columns: (detail?.columns ?? []).map((column) => columnToWire(column, reference?.columns[column.name])),
    score: detail?.score && columnToWire(detail.score, reference?.score),
    calibration: (detail?.calibration ?? []).map((bin) => ({ ...bin })),
    sampledOneOf: detail?.sampledOneOf ?? 1,
    notes: [...(detail?.notes ?? [])],
  };
}

function columnToWire({ histogram, ...column }: ColumnDetail, reference: Histogram | undefined): ColumnWire {
  return {
    ...column,
    current: histogramToWire(histogram),
    reference: reference && histogramToWire(reference),
    unseen: [...column.unseen],
    drift: column.drift.map((one) => ({ ...one })),
  };
}

function histogramToWire(histogram: Histogram): HistogramWire {
  if (histogram.kind === 'numeric') return { ...histogram, edges: [...histogram.edges], counts: [...histogram.counts] };
  return { ...histogram, values: [...histogram.values], counts: [...histogram.counts] };
}

export function alertToWire({ project: _project, definition: _definition, acknowledgement, ...alert }: Alert): AlertWire {
  return { ...alert, acknowledgement: acknowledgement && { ...acknowledgement, by: { ...acknowledgement.by } } };
}
