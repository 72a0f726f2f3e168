import { join } from 'node:path';
import { type Analytics, createAnalytics, quoteLiteral } from '#kernel/analytics/index.ts';
import { silentLog } from '#kernel/log.ts';
import { installation } from '#server/index.ts';

/** Flights that leave within the same ten minutes: what an operations desk would ask about at once. */
export interface Departures {
  /** `2001-05-01T06:10`. */
  readonly at: string;
  /** Epoch ms of the slot, the local time read as UTC. */
  readonly time: number;
  readonly origin: readonly string[];
  readonly destination: readonly string[];
  readonly distance: readonly number[];
  readonly hour: readonly number[];
  readonly dayOfWeek: readonly number[];
  /** What turned out: 1 when the flight arrived more than 15 minutes late. */
  readonly late: readonly number[];
}

/** The world outside Ripen: the flights of 2001, of which each day some thousand are replayed. */
export interface World {
  /** The departures of one day in their order. `day` is `2001-05-01`. */
  departures(day: string): Promise<readonly Departures[]>;
  close(): Promise<void>;
}

interface Row {
  readonly slot: number;
  readonly origin: string[];
  readonly destination: string[];
  readonly distance: number[];
  readonly hour: number[];
  readonly day_of_week: number[];
  readonly late: number[];
}

/** Of each 13 flights this many are replayed: about 2,500 a day. */
const shareOfThirteen = 2;

export function openWorld(directory: string): World {
  const file = join(installation, 'node_modules/vega-datasets/data/flights-3m.parquet');
  const analytics = createAnalytics({ directory: join(directory, 'tour'), log: silentLog });
  return {
    departures: async (day) => (await readDay(analytics, file, day)).map(toDepartures),
    close: () => analytics.close(),
  };
}

function readDay(analytics: Analytics, file: string, day: string): Promise<Row[]> {
  const start = `timestamp ${quoteLiteral(day)}`;
  return analytics.query<Row>(`
    select epoch_ms(time_bucket(interval '10 minutes', date)) as slot,
      list(origin order by file_row_number) as origin, list(destination order by file_row_number) as destination,
      list(distance order by file_row_number) as distance, list(hour(date) order by file_row_number) as hour,
      list(isodow(date) order by file_row_number) as day_of_week, list(case when delay > 15 then 1 else 0 end order by file_row_number) as late
    from read_parquet(${quoteLiteral(file)}, file_row_number = true)
    where date >= ${start} and date < ${start} + interval '1 day' and delay >= -100 and hash(file_row_number) % 13 < ${shareOfThirteen}
    group by slot order by slot`);
}

function toDepartures({ slot, day_of_week: dayOfWeek, ...columns }: Row): Departures {
  return { ...columns, dayOfWeek, time: slot, at: new Date(slot).toISOString().slice(0, 16) };
}

/** All days from `first` to `last`, both included. */
export function daysBetween(first: string, last: string): readonly string[] {
  const days: string[] = [];
  for (let time = Date.parse(first); time <= Date.parse(last); time += 86_400_000) days.push(new Date(time).toISOString().slice(0, 10));
  return days;
}
