import type { Histogram } from '#kernel/statistics/index.ts';
import type { Bins, ScanRow } from './scan.ts';

/** The histogram that a scan counted for column `as`, over the bins of its reference. */
export function scannedHistogram(row: ScanRow, as: string, reference: Histogram): Histogram {
  const bins = binsOf(row[`bins${as}`]);
  const present = countOf(row, `present${as}`);
  const missing = countOf(row, 'answers') - present;
  if (reference.kind === 'categorical') {
    const counted = new Map(bins.map(({ key, value }) => [String(key), value]));
    const counts = reference.values.map((value) => counted.get(value) ?? 0);
    return {
      kind: 'categorical',
      values: reference.values,
      counts,
      other: present - counts.reduce((sum, count) => sum + count, 0),
      missing,
    };
  }
  const { edges } = reference;
  // Negated again; what is below the first edge comes under infinity.
  const counted = new Map(bins.map(({ key, value }) => [0 - Number(key), value]));
  const onLast = countOf(row, `last${as}`);
  const at = (edge: number): number => counted.get(edge === 0 ? 0 : edge) ?? 0;
  const counts = edges.slice(0, -1).map(at);
  counts[counts.length - 1] = (counts.at(-1) ?? 0) + onLast;
  return {
    kind: 'numeric',
    edges,
    counts,
    below: counted.get(-Infinity) ?? 0,
    above: at(edges.at(-1) ?? Infinity) - onLast,
    missing,
    minimum: numberOf(row, `min${as}`),
    maximum: numberOf(row, `max${as}`),
  };
}

export function numberOf(row: ScanRow, name: string): number | undefined {
  const value = row[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function countOf(row: ScanRow, name: string): number {
  return numberOf(row, name) ?? 0;
}

export function listOf(row: ScanRow, name: string): readonly number[] {
  const value = row[name];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'number') : [];
}

export function textsOf(row: ScanRow, name: string): readonly string[] {
  const value = row[name];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function binsOf(value: ScanRow[string] | undefined): Bins {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'object' && entry !== null) : [];
}
