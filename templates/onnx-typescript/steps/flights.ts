import type { DuckDBConnection } from '@duckdb/node-api';
import type { Flights } from './features.ts';
import { fileTable, numbers, readColumns, texts } from './parquet.ts';

export type { Flights };

/** Rows with their labels, and the score of the baseline rule where the file has one. */
export interface LabelledFlights {
  readonly flights: Flights;
  readonly labels: Float32Array;
  readonly baseline: Float64Array | undefined;
}

/** Reads what `prepare` wrote, in the order of the file. */
export async function readFlights(connection: DuckDBConnection, path: string, extra?: 'baseline_score'): Promise<LabelledFlights> {
  const names = ['origin', 'destination', 'distance', 'hour', 'day_of_week', 'label', ...(extra === undefined ? [] : [extra])];
  const columns = await readColumns(connection, `SELECT ${names.join(', ')} FROM ${fileTable(path)}`);
  return {
    flights: {
      origin: texts(columns, 'origin'),
      destination: texts(columns, 'destination'),
      distance: numbers(columns, 'distance'),
      hour: numbers(columns, 'hour'),
      day_of_week: numbers(columns, 'day_of_week'),
    },
    labels: Float32Array.from(numbers(columns, 'label')),
    baseline: extra === undefined ? undefined : numbers(columns, extra),
  };
}

export function sliceFlights(flights: Flights, start: number, end: number): Flights {
  const part = (values: ArrayLike<number>) => Float64Array.from({ length: end - start }, (_, at) => values[start + at] ?? Number.NaN);
  return {
    origin: flights.origin.slice(start, end),
    destination: flights.destination.slice(start, end),
    distance: part(flights.distance),
    hour: part(flights.hour),
    day_of_week: part(flights.day_of_week),
  };
}
