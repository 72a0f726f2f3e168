import { missingShare, type Histogram, unseenShare } from '#kernel/statistics/index.ts';
import type { MonitorDeclaration } from '../declaration/monitor-declaration.ts';
import { compareColumns, type ColumnDrift, type DriftSettings } from '../drift/compare-columns.ts';
import type { DriftMethodName } from '../drift/drift-method.ts';
import type { ColumnDetail, ColumnReading, DriftFinding, Metrics, WindowDetail } from '../model.ts';
import { estimatedPerformance } from '../quality/estimated-performance.ts';
import { realisedPerformance } from '../quality/realised-performance.ts';
import { estimatedMetrics, finite, performanceMetrics } from './performance-metrics.ts';
import type { Reference } from './reference.ts';
import type { ScanRow } from './scan.ts';
import { countOf, listOf, numberOf, scannedHistogram, textsOf } from './scanned-histogram.ts';

export interface MeasureInput {
  readonly row: ScanRow;
  /** Names of the inputs in the order of the scan. */
  readonly inputs: readonly string[];
  readonly hasScore: boolean;
  readonly reference: Reference;
  readonly declaration: MonitorDeclaration;
  readonly sampledOneOf: number;
  readonly versions: WindowDetail['versions'];
  readonly duplicates: number;
}

export interface MeasuredWindow {
  readonly predictions: number;
  readonly labelled: number;
  readonly metrics: Metrics;
  readonly found: readonly DriftFinding[];
  readonly detail: WindowDetail;
}

/** Everything that can be said of a window, from what one scan counted. Pure. */
export function measureWindow(input: MeasureInput): MeasuredWindow {
  const { row, reference, declaration } = input;
  const predictions = countOf(row, 'predictions');
  const labelled = countOf(row, 'labelled');
  const columns = measureInputs(input);
  const score = measureScore(input);
  const quality = measureQuality(input);
  const judged = columns.flatMap(({ drift }) => drift.filter(({ chosen, value }) => chosen && value !== undefined));
  const metrics = {
    ...serviceFigures(row),
    ...finite({ drifted_share: judged.length === 0 ? undefined : judged.filter(({ drifted }) => drifted).length / judged.length }),
    ...Object.fromEntries(columns.flatMap(columnMetrics)),
    ...Object.fromEntries(
      (score?.drift ?? []).flatMap(({ method, value }) => (value === undefined ? [] : [[`score_drift.${method}`, value]])),
    ),
    ...quality.metrics,
  };
  return {
    predictions,
    labelled,
    metrics,
    found: [...columns, ...(score === undefined ? [] : [score])].flatMap(findingsOf),
    detail: {
      versions: input.versions,
      duplicates: input.duplicates,
      columns,
      score,
      calibration: quality.calibration,
      sampledOneOf: input.sampledOneOf,
      notes: [...reference.notes, ...missingFeatures(declaration, reference), ...quality.notes],
    },
  };
}

function serviceFigures(row: ScanRow): Metrics {
  const [p50, p95, p99] = listOf(row, 'latency');
  const [predictions, requests, answers] = [countOf(row, 'predictions'), countOf(row, 'requests'), countOf(row, 'answers')];
  const ratio = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);
  const milliseconds = (value: number | undefined): number | undefined => (value === undefined ? undefined : value / 1000);
  return finite({
    predictions,
    requests,
    error_rate: ratio(countOf(row, 'failures'), requests),
    latency_p50_ms: milliseconds(p50),
    latency_p95_ms: milliseconds(p95),
    latency_p99_ms: milliseconds(p99),
    invalid_scores: ratio(countOf(row, 'withoutScore'), answers),
    mean_score: numberOf(row, 'meanScore'),
    label_coverage: ratio(countOf(row, 'labelled'), predictions),
  });
}

const shownMethods = {
  numeric: ['psi', 'jensen_shannon', 'kolmogorov_smirnov'],
  categorical: ['psi', 'jensen_shannon', 'chi_square'],
} as const satisfies Record<Histogram['kind'], readonly DriftMethodName[]>;

function measureInputs({ row, inputs, reference, declaration }: MeasureInput): readonly ColumnDetail[] {
  const current = Object.fromEntries(
    inputs.flatMap((name, index) => {
      const of = reference.columns[name];
      return of === undefined ? [] : [[name, scannedHistogram(row, String(index), of)] as const];
    }),
  );
  const { driftFeatures } = declaration;
  const compared = Object.fromEntries(
    Object.entries(reference.columns).filter(([name]) => Object.hasOwn(current, name) && driftFeatures?.includes(name) !== false),
  );
  const readings = readColumns(compared, current, declaration.drift);
  return inputs.flatMap((name, index) => {
    const [of, histogram] = [reference.columns[name], current[name]];
    if (of === undefined || histogram === undefined) return [];
    return [detailOf({ name, of, histogram, unseen: textsOf(row, `unseen${index}`), drift: readings.get(name) ?? [] })];
  });
}

function measureScore({ row, hasScore, reference, declaration }: MeasureInput): ColumnDetail | undefined {
  if (!hasScore || reference.score === undefined) return undefined;
  const histogram = scannedHistogram(row, 's', reference.score);
  const drift = readColumns({ score: reference.score }, { score: histogram }, { ...declaration.drift, columns: {} }).get('score') ?? [];
  return detailOf({ name: 'score', of: reference.score, histogram, unseen: [], drift });
}

function detailOf({
  of,
  histogram,
  ...rest
}: Pick<ColumnDetail, 'name' | 'unseen' | 'drift' | 'histogram'> & { readonly of: Histogram }): ColumnDetail {
  return { ...rest, histogram, missingShare: missingShare(histogram), outsideShare: unseenShare(of, histogram) };
}

/** The chosen method of each column, corrected for the number of tests, and the usual ones beside it. */
function readColumns(
  reference: Readonly<Record<string, Histogram>>,
  current: Readonly<Record<string, Histogram>>,
  settings: DriftSettings,
): ReadonlyMap<string, readonly ColumnReading[]> {
  const chosen = compareColumns(reference, current, settings);
  return new Map(
    chosen.map((entry) => {
      const kind = reference[entry.column]?.kind ?? 'categorical';
      const methods = shownMethods[kind].filter((method) => method !== entry.method);
      const { [entry.column]: of } = reference;
      const beside = of === undefined ? [] : compareColumns({ [entry.column]: of }, current, { common: { methods } });
      return [entry.column, [readingOf(entry, true), ...beside.map((other) => readingOf(other, false))]];
    }),
  );
}

function readingOf({ method, result, drifted, adjustedPValue }: ColumnDrift, chosen: boolean): ColumnReading {
  if (result.state === 'not-measurable') return { method, drifted: false, chosen, reason: result.reason };
  const { value, threshold } = result;
  return { method, value, threshold, chosen, pValue: adjustedPValue, drifted };
}

function columnMetrics({
  name,
  histogram,
  missingShare: missing,
  outsideShare: outside,
  drift,
}: ColumnDetail): readonly (readonly [string, number])[] {
  const beyond = histogram.kind === 'numeric' ? `out_of_range.${name}` : `unseen.${name}`;
  return [
    ...(missing === undefined ? [] : [[`missing.${name}`, missing] as const]),
    ...(outside === undefined ? [] : [[beyond, outside] as const]),
    ...drift.flatMap(({ method, value }) => (value === undefined ? [] : [[`drift.${method}.${name}`, value] as const])),
  ];
}

function findingsOf({ name, drift }: ColumnDetail): readonly DriftFinding[] {
  return drift.flatMap(({ method, value, threshold, drifted, chosen }) =>
    chosen && drifted && value !== undefined && threshold !== undefined ? [{ feature: name, method, value, threshold }] : [],
  );
}

function measureQuality({
  row,
  reference,
  declaration,
}: MeasureInput): Pick<WindowDetail, 'calibration' | 'notes'> & { readonly metrics: Metrics } {
  const [positives, negatives, unlabelled] = [listOf(row, 'scores0'), listOf(row, 'scores1'), listOf(row, 'scores2')];
  const labelled = [...positives, ...negatives];
  const realised = realisedPerformance(
    { scores: labelled, labels: [...positives.map(() => 1), ...negatives.map(() => 0)] },
    declaration.positiveThreshold,
  );
  const { calibrate } = reference;
  const estimated = estimatedPerformance({ scores: [...labelled, ...unlabelled], calibrate, threshold: declaration.positiveThreshold });
  const odd = countOf(row, 'oddLabels');
  return {
    metrics: { ...performanceMetrics(realised), ...estimatedMetrics(estimated) },
    calibration: realised.state === 'measured' ? realised.calibration : [],
    notes: [
      ...(realised.state === 'measured' ? [] : ['No usable label has come for this window yet.']),
      ...(estimated.state === 'measured' ? [] : [estimated.reason]),
      ...(odd === 0 ? [] : [`${odd} labels are neither 0 nor 1 and were left out.`]),
    ],
  };
}

function missingFeatures({ driftFeatures }: MonitorDeclaration, reference: Reference): readonly string[] {
  const unknown = (driftFeatures ?? []).filter((name) => reference.columns[name] === undefined);
  return unknown.map((name) => `The reference has no feature "${name}"; its drift is not measured.`);
}
