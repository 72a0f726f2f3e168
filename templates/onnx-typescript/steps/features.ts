/**
 * Features as look-up tables: each table turns a combination of inputs into a few numbers. Training looks them up here, the
 * ONNX graph carries the same tables, and so the served model cannot compute a feature in another way than training did.
 */

/** Flights by columns: the inputs of the model, one element a flight. Hours 0..23, days 1 (Monday) .. 7. */
export interface Flights {
  readonly origin: readonly string[];
  readonly destination: readonly string[];
  readonly distance: ArrayLike<number>;
  readonly hour: ArrayLike<number>;
  readonly day_of_week: ArrayLike<number>;
}

export const KEYS = ['origin', 'destination', 'hour', 'day_of_week'] as const;
export type Key = (typeof KEYS)[number];

/** `values` holds `width` numbers for each combination of the keys, the last key running fastest. */
export interface FeatureTable {
  readonly name: string;
  readonly keys: readonly Key[];
  readonly columns: readonly string[];
  readonly values: Float32Array;
}

export interface Encoder {
  /** Airports by index, from 1; index 0 stands for any airport that training did not see. */
  readonly airports: readonly string[];
  readonly tables: readonly FeatureTable[];
  /** Distances in miles are clipped to the largest one seen, then centred and scaled; a missing one (NaN) counts as the mean. */
  readonly distance: { readonly mean: number; readonly deviation: number; readonly maximum: number };
}

export const HOURS = 24;
export const DAYS = 7;

export function featureNames(encoder: Encoder): string[] {
  return [...encoder.tables.flatMap((table) => table.columns), 'distance'];
}

/** The feature matrix, row by row: `flights × featureNames`. */
export function encode(encoder: Encoder, flights: Flights): Float32Array {
  const rows = flights.origin.length;
  const index = new Map(encoder.airports.map((iata, position) => [iata, position + 1]));
  const positions: Readonly<Record<Key, Int32Array>> = {
    origin: Int32Array.from(flights.origin, (iata) => index.get(iata) ?? 0),
    destination: Int32Array.from(flights.destination, (iata) => index.get(iata) ?? 0),
    hour: Int32Array.from({ length: rows }, (_, row) => clip(flights.hour[row] ?? 0, 0, HOURS - 1)),
    day_of_week: Int32Array.from({ length: rows }, (_, row) => clip(flights.day_of_week[row] ?? 1, 1, DAYS) - 1),
  };
  const width = featureNames(encoder).length;
  const matrix = new Float32Array(rows * width);
  let start = 0;
  for (const table of encoder.tables) {
    copyTable(table, { cells: cells(encoder, table, positions), matrix, start, width });
    start += table.columns.length;
  }
  const { mean, deviation, maximum } = encoder.distance;
  for (let row = 0; row < rows; row++) {
    const miles = flights.distance[row] ?? Number.NaN;
    matrix[row * width + start] = ((Number.isNaN(miles) ? mean : clip(miles, 0, maximum)) - mean) / deviation;
  }
  return matrix;
}

/** How many positions a key has: a table has the product of its keys' sizes as rows. */
export function keySizes(encoder: Pick<Encoder, 'airports'>): Readonly<Record<Key, number>> {
  return { origin: encoder.airports.length + 1, destination: encoder.airports.length + 1, hour: HOURS, day_of_week: DAYS };
}

function cells(encoder: Encoder, table: FeatureTable, positions: Readonly<Record<Key, Int32Array>>): Int32Array {
  const sizes = keySizes(encoder);
  const [first, second] = table.keys;
  const head = positions[first ?? 'hour'];
  if (second === undefined) return head;
  const tail = positions[second];
  return head.map((position, row) => position * sizes[second] + (tail[row] ?? 0));
}

function copyTable(table: FeatureTable, into: { cells: Int32Array; matrix: Float32Array; start: number; width: number }): void {
  const columns = table.columns.length;
  for (let row = 0; row < into.cells.length; row++) {
    const from = (into.cells[row] ?? 0) * columns;
    for (let column = 0; column < columns; column++) into.matrix[row * into.width + into.start + column] = table.values[from + column] ?? 0;
  }
}

export function clip(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
