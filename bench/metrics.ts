import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { systemClock } from '#kernel/clock.ts';
import { type Database, openDatabase } from '#kernel/database/index.ts';
import { createEventLog, eventMigrations } from '#kernel/events/index.ts';
import { randomIds } from '#kernel/ids.ts';
import { openObjectStore } from '#kernel/objects/index.ts';
import { seededRandom } from '#kernel/statistics/index.ts';
import { createTracking, type Tracking, trackingMigrations } from '#tracking/index.ts';
import { measure, type Options, type Row } from './measuring/measure.ts';
import { figureOf, processorTimed, quantile, repeated, timed } from './measuring/summary.ts';
import { inTemporaryFolder } from './measuring/temporary.ts';
import { openPostgresLog, type OpenLog } from './settings/event-log.ts';
import { context, type Curves, curvesProject, logCurves, metricNames, rateOf } from './settings/metric-curves.ts';

const longCurve = 1_000_000;
const postgres = process.env['RIPEN_TEST_POSTGRES_URL'];

await measure({
  name: 'metrics',
  title: 'Metrics: taking in, keeping and reading points',
  run: (options, say) =>
    inTemporaryFolder(async (folder) => {
      const rows = [...(await measureWriting(folder, { options, say })), ...(await measureStore(folder, { options, say }))];
      if (postgres !== undefined) return [...rows, ...(await measurePostgres(postgres, { folder, options, say }))];
      say('PostgreSQL is left out: RIPEN_TEST_POSTGRES_URL is not set');
      return rows;
    }),
});

interface Opened {
  readonly tracking: Tracking;
  readonly database: Database;
  close(): Promise<void>;
}

async function openSqlite(file: string, durability: 'normal' | 'full' = 'normal'): Promise<Opened> {
  const database = await openDatabase(`sqlite:${file}`, { durability });
  await database.migrate([eventMigrations, trackingMigrations]);
  const events = createEventLog({ database, clock: systemClock, ids: randomIds() });
  return trackingOver({ database, events, close: () => database.close() }, dirname(file));
}

async function trackingOver(log: OpenLog, folder: string): Promise<Opened> {
  const { database, events } = log;
  const objects = await openObjectStore(`file:${folder}/objects`, { cacheDirectory: `${folder}/cache` });
  const kernel = { clock: systemClock, ids: randomIds(), events, objects };
  const tracking = createTracking({ kernel, identity: { project: async (name) => ({ name }) } });
  return {
    tracking,
    database,
    async close() {
      await objects.close();
      await log.close();
    },
  };
}

interface Setting {
  readonly options: Options;
  readonly say: (line: string) => void;
}

/** Calls in this process, without HTTP. */
async function measureWriting(folder: string, { options, say }: Setting): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const durability of ['normal', 'full'] as const) {
    say(`writing, ${durability} durability`);
    const opened = await openSqlite(join(folder, `${durability}.db`), durability);
    rows.push(...(await writingRates(opened.tracking, { options, where: `SQLite, ${durability} durability` })));
    await opened.close();
  }
  return rows;
}

async function writingRates(tracking: Tracking, { options, where }: { options: Options; where: string }): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const seconds = options.quick ? 1 : 3;
  const runs = await startRuns(tracking, 8);
  const one = (call: number, writer: number) =>
    tracking.logMetric(runs[writer % 8] ?? '', { name: metricNames[call % 10] ?? '', value: call / 7, step: call });
  await rateOf(8, 0.3, one);
  for (const writers of [1, 8, 64]) {
    let rate = 0;
    let calls = 0;
    const processor = await processorTimed(async () => {
      rate = await rateOf(writers, seconds, (call, writer) => {
        calls = call + 1;
        return one(call, writer);
      });
    });
    const target = writers === 8 && where.endsWith('normal durability') ? { target: '40,000 /s' } : {};
    const note = `${((1000 * processor) / calls).toFixed(1)} µs of processor each`;
    rows.push({ what: `${where}: log one metric, ${writers} at once`, value: rate, unit: '/s', ...target, note });
  }
  const batch = await rateOf(8, seconds, (call, writer) => tracking.log(runs[writer] ?? '', { metrics: batchOf(call) }));
  return [...rows, { what: `${where}: log a batch of 1,000 metrics, 8 at once`, value: batch, unit: '/s', target: '600 /s' }];
}

async function startRuns(tracking: Tracking, count: number): Promise<string[]> {
  const runs: string[] = [];
  for (let index = 0; index < count; index++)
    runs.push((await tracking.startRun(context, { project: curvesProject, experiment: 'load' })).id);
  return runs;
}

function batchOf(call: number) {
  return Array.from({ length: 1000 }, (_, index) => ({
    name: `batch-${index % 10}`,
    value: (call + 1) / (index + 3),
    step: call * 1000 + index,
  }));
}

async function measureStore(folder: string, { options, say }: Setting): Promise<readonly Row[]> {
  const file = join(folder, 'store', 'ripen.db');
  const opened = await openSqlite(file);
  try {
    const wanted = { runs: options.quick ? 200 : 2000, steps: 1000 };
    return await measureCurves(opened, { say, times: options.quick ? 50 : 300, wanted, where: 'SQLite', size: () => sizeOf(opened, file) });
  } finally {
    await opened.close();
  }
}

/** A tenth as many points as on SQLite. */
async function measurePostgres(url: string, { folder, options, say }: Setting & { folder: string }): Promise<readonly Row[]> {
  const opened = await trackingOver(await openPostgresLog(url, [eventMigrations, trackingMigrations]), folder);
  try {
    say('writing to PostgreSQL');
    const wanted = { runs: options.quick ? 20 : 200, steps: 1000 };
    const size = async () => {
      const { rows } = await sql<{ bytes: number }>`select sum(pg_total_relation_size(oid)) as bytes from pg_class
        where relkind = 'r' and relnamespace = current_schema()::regnamespace`.execute(opened.database.query());
      return Number(rows[0]?.bytes);
    };
    const curves = await measureCurves(opened, { say, times: options.quick ? 50 : 300, wanted, where: 'PostgreSQL', size });
    return [...curves, ...(await writingRates(opened.tracking, { options, where: 'PostgreSQL' }))];
  } finally {
    await opened.close();
  }
}

interface CurveSetting {
  readonly say: (line: string) => void;
  readonly times: number;
  readonly wanted: { readonly runs: number; readonly steps: number };
  readonly where: string;
  readonly size: () => Promise<number>;
}

async function measureCurves({ tracking }: Opened, { say, times, wanted, where, size }: CurveSetting): Promise<readonly Row[]> {
  const points = wanted.runs * wanted.steps * metricNames.length;
  const named = points.toLocaleString('en-US');
  say(`${where}: loading ${named} points`);
  let curves: Curves = { runs: [], steps: 0 };
  const loading = await timed(async () => (curves = await logCurves(tracking, wanted)));
  const bytes = await size();
  say(`${where}: loading a curve of ${longCurve.toLocaleString('en-US')} points`);
  const long = await logLong(tracking);
  say(`${where}: reading`);
  const reading = await measureReading(tracking, { curves, long, times });
  return [
    { what: `${where}: load ${named} points in batches of 1,000, 8 at once`, value: (1000 * points) / loading, unit: 'points/s' },
    { what: `${where}: disk for ${named} points with their runs and events`, value: bytes / points, unit: 'bytes/point', target: '12' },
    ...reading.map((row) => ({ ...row, what: `${where}: ${row.what}` })),
  ];
}

/** The file once everything in the log of SQLite is in it. */
async function sizeOf({ database }: Opened, file: string): Promise<number> {
  await sql`pragma wal_checkpoint(truncate)`.execute(database.query());
  return statSync(file).size;
}

async function logLong(tracking: Tracking): Promise<string> {
  const { id } = await tracking.startRun(context, { project: curvesProject, experiment: 'long' });
  for (let from = 0; from < longCurve; from += 10_000) {
    const metrics = Array.from({ length: 10_000 }, (_, index) => ({ name: 'loss', step: from + index, value: Math.sin(from + index) }));
    await tracking.log(id, { metrics });
  }
  await tracking.finishRun(context, id, { outcome: 'finished' });
  return id;
}

async function measureReading(
  tracking: Tracking,
  { curves, long, times }: { curves: Curves; long: string; times: number },
): Promise<readonly Row[]> {
  const random = seededRandom(11);
  const anyOf = <Item>(items: readonly Item[], otherwise: Item): Item => items[Math.floor(random.next() * items.length)] ?? otherwise;
  const latest = await repeated(times, () => tracking.run(curvesProject, anyOf(curves.runs, '')));
  const range = await repeated(times, () => {
    const fromStep = Math.floor(random.next() * (curves.steps - 100));
    return tracking.metricHistory(anyOf(curves.runs, ''), { metric: anyOf(metricNames, ''), fromStep, limit: 100 });
  });
  const draw = (runs: readonly string[], metric: string) =>
    tracking.metricCurves(curvesProject, { runs, metrics: [metric], axis: 'step', buckets: 500 });
  const ten = await repeated(times, () =>
    draw(
      Array.from({ length: 10 }, () => anyOf(curves.runs, '')),
      anyOf(metricNames, ''),
    ),
  );
  const whole = await repeated(Math.ceil(times / 10), () => draw([long], 'loss'));
  const page = await repeated(Math.ceil(times / 10), (index) =>
    tracking.metricHistory(long, { metric: 'loss', limit: 100_000, after: { step: index * 20_000, time: 0 } }),
  );
  return [
    { what: 'a run with the latest point of its 10 metrics', ...latencyOf(latest) },
    { what: '100 points of a curve from any step', ...latencyOf(range) },
    { what: 'curves of 10 runs, 1,000 points each, in 500 buckets', ...latencyOf(ten) },
    { what: 'a curve of 1,000,000 points in 500 buckets', ...latencyOf(whole) },
    { what: '100,000 points of a curve of 1,000,000', ...latencyOf(page) },
  ];
}

function latencyOf(taken: readonly number[]): Pick<Row, 'value' | 'unit' | 'note'> {
  return { value: figureOf(taken).value, unit: 'ms', note: `p99 ${quantile(taken, 0.99).toFixed(2)} ms` };
}
