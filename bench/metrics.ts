import { statSync } from 'node:fs';
import { join } from 'node:path';
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
import { context, type Curves, curvesProject, logCurves, metricNames, rateOf } from './settings/metric-curves.ts';

const longCurve = 1_000_000;

await measure({
  name: 'metrics',
  title: 'Metrics: taking in, keeping and reading points',
  run: (options, say) =>
    inTemporaryFolder(async (folder) => [
      ...(await measureWriting(folder, { options, say })),
      ...(await measureStore(folder, { options, say })),
    ]),
});

interface Opened {
  readonly tracking: Tracking;
  readonly database: Database;
  readonly file: string;
  close(): Promise<void>;
}

async function open(folder: string, durability: 'normal' | 'full' = 'normal'): Promise<Opened> {
  const file = join(folder, `${durability}.db`);
  const database = await openDatabase(`sqlite:${file}`, { durability });
  await database.migrate([eventMigrations, trackingMigrations]);
  const ids = randomIds();
  const events = createEventLog({ database, clock: systemClock, ids });
  const objects = await openObjectStore(`file:${folder}/objects`, { cacheDirectory: `${folder}/cache` });
  const kernel = { clock: systemClock, ids, events, objects };
  const tracking = createTracking({ kernel, identity: { project: async (name) => ({ name }) } });
  return {
    tracking,
    database,
    file,
    async close() {
      await objects.close();
      await database.close();
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
  const seconds = options.quick ? 1 : 3;
  for (const durability of ['normal', 'full'] as const) {
    say(`writing, ${durability} durability`);
    const opened = await open(folder, durability);
    const runs = await startRuns(opened.tracking, 8);
    const one = (call: number, writer: number) =>
      opened.tracking.logMetric(runs[writer] ?? '', { name: metricNames[call % 10] ?? '', value: call / 7, step: call });
    await rateOf(8, 0.3, one);
    for (const writers of [1, 8, 64]) {
      let rate = 0;
      let calls = 0;
      const processor = await processorTimed(async () => {
        rate = await rateOf(writers, seconds, (call, writer) => {
          calls = call + 1;
          return one(call, writer % 8);
        });
      });
      const target = durability === 'normal' && writers === 8 ? { target: '40,000 /s' } : {};
      const note = `${((1000 * processor) / calls).toFixed(1)} µs of processor each`;
      rows.push({ what: `log one metric, ${writers} writers, ${durability} durability`, value: rate, unit: '/s', ...target, note });
    }
    if (durability === 'normal') {
      const batch = await rateOf(8, seconds, (call, writer) => opened.tracking.log(runs[writer] ?? '', { metrics: batchOf(call) }));
      rows.push({ what: 'log a batch of 1,000 metrics, 8 writers', value: batch, unit: '/s', target: '600 /s' });
    }
    await opened.close();
  }
  return rows;
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
  const wanted = { runs: options.quick ? 200 : 2000, steps: 1000 };
  const points = wanted.runs * wanted.steps * metricNames.length;
  const named = points.toLocaleString('en-US');
  const opened = await open(join(folder, 'store'));
  try {
    say(`loading ${named} points`);
    let curves: Curves = { runs: [], steps: 0 };
    const loading = await timed(async () => (curves = await logCurves(opened.tracking, wanted)));
    const bytes = await sizeOf(opened);
    say(`loading a curve of ${longCurve.toLocaleString('en-US')} points`);
    const long = await logLong(opened.tracking);
    say('reading');
    return [
      { what: `load ${named} points in batches of 1,000, 8 writers`, value: (1000 * points) / loading, unit: 'points/s' },
      { what: `disk for ${named} points with their runs and events`, value: bytes / points, unit: 'bytes/point', target: '12' },
      ...(await measureReading(opened.tracking, { curves, long, times: options.quick ? 50 : 300 })),
    ];
  } finally {
    await opened.close();
  }
}

/** The file once everything in the log of SQLite is in it. */
async function sizeOf({ database, file }: Opened): Promise<number> {
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
