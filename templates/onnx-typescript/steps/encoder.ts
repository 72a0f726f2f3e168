import { clip, DAYS, type Encoder, type FeatureTable, HOURS, type Key, keySizes } from './features.ts';
import type { GroupName, Statistics } from './statistics.ts';

/** Flights that a group must have before its own rate weighs as much as what is expected of it. */
const SMOOTHING = { origin: 50, destination: 50, hour: 50, hour_day: 100, route: 200, origin_hour: 200, destination_hour: 200 } as const;

/** Builds the tables from counts of the past; the same statistics give the same tables. */
export function buildEncoder(statistics: Statistics): Encoder {
  const airports = statistics.airports.map((place) => place.iata);
  const odds = lateOdds(statistics, airports);
  const origin = odds('origin', ['origin'], () => 0);
  const destination = odds('destination', ['destination'], () => 0);
  const hour = odds('hour', ['hour'], () => 0);
  const table = (name: GroupName, keys: readonly Key[], values: Float32Array): FeatureTable => ({
    name,
    keys,
    columns: [`${name}_log_odds`],
    values,
  });
  const pair = (name: GroupName, keys: readonly [Key, Key], first: Float32Array, second: Float32Array): FeatureTable =>
    table(
      name,
      keys,
      odds(name, keys, (head, tail) => (first[head] ?? 0) + (second[tail] ?? 0)),
    );
  return {
    airports,
    distance: { ...statistics.distance, deviation: Math.max(statistics.distance.deviation, 1) },
    tables: [
      airportTable('origin', statistics, origin),
      airportTable('destination', statistics, destination),
      oneHot('hour', HOURS),
      oneHot('day_of_week', DAYS),
      table('hour', ['hour'], hour),
      pair('hour_day', ['hour', 'day_of_week'], hour, new Float32Array(DAYS)),
      pair('route', ['origin', 'destination'], origin, destination),
      pair('origin_hour', ['origin', 'hour'], origin, hour),
      pair('destination_hour', ['destination', 'hour'], destination, hour),
    ],
  };
}

type Expectation = (head: number, tail: number) => number;

/** Log-odds of being late above the overall ones, drawn towards what is expected while a group is small. */
function lateOdds(statistics: Statistics, airports: readonly string[]) {
  const index = new Map(airports.map((iata, at) => [iata, at + 1]));
  const sizes = keySizes({ airports });
  const base = logit((statistics.late + 1) / (statistics.rows + 2));
  const position = (key: Key, value: string | number): number => {
    if (typeof value === 'string') return index.get(value) ?? 0;
    return key === 'day_of_week' ? clip(value, 1, DAYS) - 1 : clip(value, 0, HOURS - 1);
  };
  return (name: GroupName, keys: readonly Key[], expected: Expectation): Float32Array => {
    const values = new Float32Array(keys.reduce((size, key) => size * sizes[key], 1));
    const tail = keys[1] === undefined ? 1 : sizes[keys[1]];
    for (let cell = 0; cell < values.length; cell++) values[cell] = expected(Math.floor(cell / tail), cell % tail);
    for (const { key, late, flights } of statistics.groups[name]) {
      const cell = keys.reduce((at, part, depth) => at * sizes[part] + position(part, key[depth] ?? 0), 0);
      const prior = sigmoid(base + (values[cell] ?? 0));
      values[cell] = logit((late + SMOOTHING[name] * prior) / (flights + SMOOTHING[name])) - base;
    }
    return values;
  };
}

/** Per airport: log-odds, how busy it is (logarithm of its share of flights) and where it lies; zeros for an unknown one. */
function airportTable(key: 'origin' | 'destination', statistics: Statistics, odds: Float32Array): FeatureTable {
  const columns = [`${key}_log_odds`, `${key}_traffic`, `${key}_latitude`, `${key}_longitude`];
  const flights = new Map(statistics.groups[key].map((count) => [count.key[0], count.flights]));
  const values = new Float32Array(odds.length * columns.length);
  const even = statistics.rows / Math.max(1, statistics.airports.length);
  for (const [position, place] of statistics.airports.entries()) {
    const traffic = Math.log(((flights.get(place.iata) ?? 0) + 1) / (even + 1)) / 2;
    values.set([odds[position + 1] ?? 0, traffic, (place.latitude - 37) / 8, (place.longitude + 95) / 20], (position + 1) * columns.length);
  }
  return { name: key, keys: [key], columns, values };
}

function oneHot(key: 'hour' | 'day_of_week', size: number): FeatureTable {
  const values = new Float32Array(size * size);
  for (let at = 0; at < size; at++) values[at * size + at] = 1;
  const first = key === 'day_of_week' ? 1 : 0;
  return { name: `${key}_one_hot`, keys: [key], columns: Array.from({ length: size }, (_, at) => `${key}_is_${at + first}`), values };
}

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
