import { benjaminiHochberg, notMeasurable, type Histogram } from '#kernel/statistics/index.ts';

import type { DriftMeasurement, DriftMethodName } from './drift-method.ts';
import { defaultDriftMethod, driftMethods } from './methods.ts';

export interface ColumnDriftSettings {
  readonly methods?: readonly DriftMethodName[];
  /** Replaces the default threshold of a method. */
  readonly thresholds?: { readonly [Name in DriftMethodName]?: number };
}

export interface DriftSettings {
  /** For columns without settings of their own; without methods each column takes its default. */
  readonly common?: ColumnDriftSettings;
  readonly columns?: Readonly<Record<string, ColumnDriftSettings>>;
  /** Share of false discoveries over all tests of one window. */
  readonly falseDiscoveryRate?: number;
}

export interface ColumnDrift {
  readonly column: string;
  readonly method: DriftMethodName;
  readonly result: DriftMeasurement;
  /** The p-value after correction for all columns and methods of the window. */
  readonly adjustedPValue: number | undefined;
  /** The effect passes its threshold and, where chance can be computed, chance does not explain it. */
  readonly drifted: boolean;
}

export type ColumnHistograms = Readonly<Record<string, Histogram>>;

/** Each column of the reference against the same column of the window, one entry for each column and method. */
export function compareColumns(
  reference: ColumnHistograms,
  current: ColumnHistograms,
  settings: DriftSettings = {},
): readonly ColumnDrift[] {
  const compared = Object.entries(reference).flatMap(([column, of]) => compareColumn(column, { reference: of, current, settings }));
  const tested = compared.flatMap(({ result }) => (result.state === 'measured' && result.pValue !== undefined ? [result.pValue] : []));
  const adjusted = benjaminiHochberg(tested).values();
  return compared.map((entry) => {
    const { result } = entry;
    const hasTest = result.state === 'measured' && result.pValue !== undefined;
    const adjustedPValue = hasTest ? adjusted.next().value : undefined;
    const byChance = adjustedPValue !== undefined && adjustedPValue > (settings.falseDiscoveryRate ?? 0.05);
    return { ...entry, adjustedPValue, drifted: passesThreshold(result) && !byChance };
  });
}

/** Whether the value lies on the drifted side of its threshold; never for what could not be measured. */
export function passesThreshold(result: DriftMeasurement): boolean {
  if (result.state === 'not-measurable') return false;
  return result.direction === 'above' ? result.value >= result.threshold : result.value <= result.threshold;
}

interface ColumnInput {
  readonly reference: Histogram;
  readonly current: ColumnHistograms;
  readonly settings: DriftSettings;
}

function compareColumn(
  column: string,
  { reference, current, settings }: ColumnInput,
): readonly Omit<ColumnDrift, 'adjustedPValue' | 'drifted'>[] {
  const own = settings.columns !== undefined && Object.hasOwn(settings.columns, column) ? settings.columns[column] : undefined;
  const chosen = { ...settings.common, ...own };
  const window = Object.hasOwn(current, column) ? current[column] : undefined;
  const methods = chosen.methods ?? [window === undefined ? 'jensen_shannon' : defaultDriftMethod(reference, window)];
  return methods.map((method) => {
    if (window === undefined) return { column, method, result: notMeasurable('The window has no such column.') };
    if (!driftMethods[method].kinds.includes(reference.kind)) {
      return { column, method, result: notMeasurable(`The method ${method} does not compare ${reference.kind} columns.`) };
    }
    const measured = driftMethods[method].compare(reference, window);
    const threshold = chosen.thresholds?.[method];
    const result = measured.state === 'measured' && threshold !== undefined ? { ...measured, threshold } : measured;
    return { column, method, result };
  });
}
