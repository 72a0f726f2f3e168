import { readFileSync } from 'node:fs';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { numbers, readColumns, readFigures, texts } from './parquet.ts';

/** Flights and late flights of one group, e.g. all from LAX at 17 o'clock. */
export interface LateCount {
  readonly key: readonly (string | number)[];
  readonly flights: number;
  readonly late: number;
}

export interface AirportPlace {
  readonly iata: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** The groups whose late rates the features use. The names are those of the model inputs. */
export const GROUPS = {
  origin: ['origin'],
  destination: ['destination'],
  hour: ['hour'],
  route: ['origin', 'destination'],
  origin_hour: ['origin', 'hour'],
  destination_hour: ['destination', 'hour'],
  hour_day: ['hour', 'day_of_week'],
} as const;

export type GroupName = keyof typeof GROUPS;

/** What the history of flights says, counted without any row that the model trains on or is judged by. */
export interface Statistics {
  readonly rows: number;
  readonly late: number;
  readonly distance: { readonly mean: number; readonly deviation: number; readonly maximum: number };
  /** Airports seen in the history, sorted; the position is the index that the model uses, from 1. 0 is any other airport. */
  readonly airports: readonly AirportPlace[];
  readonly groups: Readonly<Record<GroupName, readonly LateCount[]>>;
}

/** The bounds of the training and evaluation periods (ISO dates, ends included), their rows and what counts as late. */
export type Period = Readonly<Record<string, string | number>>;

/** Reads statistics.json as `prepare` wrote it. */
export function loadStatistics(path: string): Statistics & { readonly period: Period } {
  // Both sides are this file and `prepare`; a shape that does not fit shows at the first use.
  return JSON.parse(readFileSync(path, 'utf8')) as Statistics & { readonly period: Period };
}

/** Counts over the table `history`; places come from the table named by `airports`. */
export async function readStatistics(connection: DuckDBConnection, airports: string): Promise<Statistics> {
  const total = await readFigures(
    connection,
    ['rows', 'late', 'mean', 'deviation', 'maximum'],
    `SELECT count(*) AS rows, sum(label)::DOUBLE AS late, avg(distance) AS mean, stddev_pop(distance) AS deviation, max(distance) AS maximum FROM history`,
  );
  const places = await readColumns(
    connection,
    `SELECT iata, coalesce(latitude, 39.0) AS latitude, coalesce(longitude, -98.0) AS longitude
     FROM (SELECT DISTINCT unnest([origin, destination]) AS iata FROM history) LEFT JOIN ${airports} USING (iata) ORDER BY iata`,
  );
  const latitude = numbers(places, 'latitude');
  const longitude = numbers(places, 'longitude');
  const groups: Partial<Record<GroupName, LateCount[]>> = {};
  for (const [name, keys] of Object.entries(GROUPS)) groups[name as GroupName] = await countLate(connection, keys);
  return {
    rows: total.rows,
    late: total.late,
    distance: { mean: total.mean, deviation: total.deviation, maximum: total.maximum },
    airports: texts(places, 'iata').map((iata, index) => ({ iata, latitude: latitude[index] ?? 0, longitude: longitude[index] ?? 0 })),
    groups: groups as Record<GroupName, LateCount[]>,
  };
}

async function countLate(connection: DuckDBConnection, keys: readonly string[]): Promise<LateCount[]> {
  const names = keys.join(', ');
  const columns = await readColumns(
    connection,
    `SELECT ${names}, count(*) AS flights, sum(label)::DOUBLE AS late FROM history GROUP BY ${names} ORDER BY ${names}`,
  );
  const flights = numbers(columns, 'flights');
  const late = numbers(columns, 'late');
  const values = keys.map((key) => columns.get(key) ?? []);
  return Array.from(flights, (count, row) => ({ key: values.map((column) => plain(column[row])), flights: count, late: late[row] ?? 0 }));
}

function plain(value: DuckDBValue | undefined): string | number {
  return typeof value === 'string' ? value : Number(value);
}
