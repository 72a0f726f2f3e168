import type { Histogram } from '#kernel/statistics/index.ts';

export const fileFormats = ['parquet', 'csv', 'jsonl'] as const;
export type FileFormat = (typeof fileFormats)[number];

/** A file that somebody hands in. */
export interface SourceFile {
  readonly path: string;
  /** How messages call it. */
  readonly name: string;
  readonly format: FileFormat;
}

export interface ColumnProfile {
  readonly name: string;
  readonly type: string;
  /** Rows with a value; NaN and infinities count. */
  readonly count: number;
  readonly nulls: number;
  /** Estimated (HyperLogLog, ten percent off is usual) beyond a handful of values. */
  readonly distinct: number;
  /** NaN, and infinities of either sign; left out of every figure below. */
  readonly notFinite: number;
  /** Numbers as they are, moments as ISO text, text cut to 200 characters. */
  readonly minimum: number | string | undefined;
  readonly maximum: number | string | undefined;
  /** Of numbers. `deviation` is the sample's (n - 1) and leaves out magnitudes above 1e150. */
  readonly mean: number | undefined;
  readonly deviation: number | undefined;
  /** Estimated (t-digest); moments as ISO text. */
  readonly quantiles: readonly { readonly share: number; readonly value: number | string }[];
  readonly textLength: { readonly minimum: number; readonly maximum: number; readonly mean: number } | undefined;
  /** The most frequent values of text and boolean columns with their exact counts. */
  readonly topValues: readonly { readonly value: string; readonly count: number }[];
  /** Of numbers and moments (epoch ms) over fixed edges; of text and booleans over the top values. */
  readonly histogram: Histogram | undefined;
}

export interface Profile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}
