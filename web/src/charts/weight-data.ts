import { nothing, type Prepared } from './chart-model.ts';

export interface Weight {
  readonly label: string;
  /** Any unit; shares of the sum are drawn. */
  readonly weight: number;
  /** Said beside the share, for example "version 4, canary". */
  readonly note?: string;
}

export function prepareWeights(weights: readonly Weight[]): Prepared<readonly (Weight & { readonly share: number })[]> {
  const total = weights.reduce((sum, one) => sum + Math.max(one.weight, 0), 0);
  if (total === 0) return nothing('No revision takes traffic', 'Release a model version, or give a revision a weight.');
  const drawing = weights.map((one) => ({ ...one, share: Math.max(one.weight, 0) / total }));
  const table = {
    columns: [
      { name: 'Revision', numeric: false },
      { name: 'Share', numeric: true },
    ],
    rows: drawing.map((one) => [one.label, one.share]),
  };
  return { kind: 'drawing', drawing, table, notes: [] };
}
