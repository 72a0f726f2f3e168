import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Analytics, createAnalytics, quoteLiteral } from '#kernel/analytics/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { silentLog } from '#kernel/log.ts';
import { openObjectStore } from '#kernel/objects/index.ts';
import { parseMonitorDeclaration } from '../src/monitoring/declaration/monitor-declaration.ts';
import { measureWindow } from '../src/monitoring/windows/measure-window.ts';
import { createReferences, type Reference } from '../src/monitoring/windows/reference.ts';
import { countsSql, type ScanRow, scanSql } from '../src/monitoring/windows/scan.ts';
import { measure, type Options, type Row } from './measuring/measure.ts';
import { figureOf, repeated } from './measuring/summary.ts';
import { inTemporaryFolder } from './measuring/temporary.ts';
import { peer } from './peers/peer.ts';

const execute = promisify(execFile);
const flights = fileURLToPath(new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets')));
const columns = ['delay', 'distance', 'origin', 'destination', 'hour'];
const features = 'delay::DOUBLE AS delay, distance::DOUBLE AS distance, origin, destination, hour(date)::DOUBLE AS hour';
const reference = "date < DATE '2001-04-01'";
/** Longer than all flights together, so that they lie in one window. */
const window = 400 * 86_400_000;

await measure({
  name: 'drift',
  title: 'Drift report of 5 columns',
  run: (options, say) =>
    inTemporaryFolder(async (folder) => {
      const analytics = createAnalytics({ directory: join(folder, 'spill'), log: silentLog });
      try {
        say('writing the reference and the predictions');
        await writeFiles(analytics, folder);
        const ours = await ripenReports(analytics, { folder, options, say });
        return [...ours, ...(await evidentlyReport(folder, { options, say }))];
      } finally {
        await analytics.close();
      }
    }),
});

/** Files as monitoring has them: the reference of a model version, and predictions of which each has its inputs. */
async function writeFiles(analytics: Analytics, folder: string): Promise<void> {
  const from = `read_parquet(${quoteLiteral(flights)})`;
  const write = (sql: string, name: string): Promise<void> =>
    analytics.run(`COPY (${sql}) TO ${quoteLiteral(join(folder, name))} (FORMAT parquet)`);
  await write(`SELECT ${features} FROM ${from} WHERE ${reference}`, 'reference.parquet');
  const inputs = columns.map((name) => `${name} AS "input.${name}"`).join(', ');
  const predictions = (where: string): string =>
    `SELECT 'p' || row_number() OVER () AS id, 0::BIGINT AS time, 1::BIGINT AS event_time, 'r1' AS revision, '1' AS version, 0 AS row,
     1000::DOUBLE AS latency_us, '200' AS status, false AS failed, ${inputs} FROM (SELECT ${features} FROM ${from} WHERE ${where})`;
  await write(predictions("date >= DATE '2001-05-01' AND date < DATE '2001-06-01'"), 'may.parquet');
  await write(predictions('true'), 'all.parquet');
}

interface Setting {
  readonly folder: string;
  readonly options: Options;
  readonly say: (line: string) => void;
}

async function ripenReports(analytics: Analytics, { folder, options, say }: Setting): Promise<readonly Row[]> {
  const objects = await openObjectStore(`file:${join(folder, 'objects')}`, { cacheDirectory: join(folder, 'cache') });
  const { digest } = await objects.putFile(join(folder, 'reference.parquet'));
  const files = { version: async () => ({ files: { 'reference.parquet': digest } }) };
  // All that references use of the kernel.
  const kernel = { analytics, objects } as unknown as Kernel;
  const rounds = options.quick ? 1 : 5;
  say('references');
  const loads = await repeated(rounds, () => createReferences({ kernel, modelVersions: files }).of('flights', 'delay', '1'));
  const loaded = await createReferences({ kernel, modelVersions: files }).of('flights', 'delay', '1');
  say('windows');
  const may = await repeated(rounds, () => report(analytics, loaded, join(folder, 'may.parquet')));
  const all = await repeated(rounds, () => report(analytics, loaded, join(folder, 'all.parquet')));
  const rawMs = await repeated(rounds, () => analytics.query(histogramSql(loaded)));
  const seconds = (times: readonly number[]) => figureOf(times.map((ms) => ms / 1000));
  return [
    {
      what: 'drift report: histograms of 3,000,000 rows over the bins of the reference',
      ...seconds(rawMs),
      unit: 's',
      target: '1 s',
      note: 'the counting alone, straight from the source file',
    },
    {
      what: 'load the reference, January to March',
      ...seconds(loads),
      unit: 's',
      note: 'once for each model version; a sample of 50,000 rows places the bins',
    },
    {
      what: 'whole window of May as logged predictions',
      ...seconds(may),
      unit: 's',
      target: '1 s',
      note: 'with duplicates by id, latency, versions and every method',
    },
    { what: 'whole window of 3,000,000 logged predictions', ...seconds(all), unit: 's', target: '1 s', note: 'the same' },
  ];
}

async function report(analytics: Analytics, loaded: Reference, path: string): Promise<void> {
  const plan = { predictions: [path], labels: [], window, starts: [0] };
  await analytics.query(countsSql(plan));
  const inputs = columns.map((name) => ({ column: `input.${name}`, reference: loaded.columns[name] }));
  const [row] = await analytics.query<ScanRow>(scanSql({ ...plan, inputs, score: undefined, sampledOneOf: 1 }));
  if (row === undefined) throw new Error('the window is empty');
  const declaration = parseMonitorDeclaration('delay', {});
  const measured = measureWindow({
    row,
    inputs: columns,
    hasScore: false,
    reference: loaded,
    declaration,
    sampledOneOf: 1,
    versions: [],
    duplicates: 0,
  });
  if (measured.detail.columns.length !== columns.length) throw new Error('the report lacks columns');
}

/** Only what a drift report needs: one pass that counts each column over the bins of its reference. */
function histogramSql({ columns: of }: Reference): string {
  const counts = columns.map((name) => {
    const histogram = of[name];
    if (histogram?.kind === 'numeric') return `histogram(${name}, [${histogram.edges.join(', ')}]::DOUBLE[]) AS "${name}"`;
    return `histogram(TRY_CAST(${name} AS ENUM(${(histogram?.values ?? []).map(quoteLiteral).join(', ')}))) AS "${name}"`;
  });
  return `SELECT ${counts.join(', ')} FROM (SELECT ${features} FROM read_parquet(${quoteLiteral(flights)}))`;
}

async function evidentlyReport(folder: string, { options, say }: Omit<Setting, 'folder'>): Promise<readonly Row[]> {
  const evidently = await peer('evidently', options);
  if (evidently === undefined) {
    say('Evidently is left out: --peers installs it');
    return [];
  }
  say('Evidently');
  const rows: Row[] = [];
  for (const [name, what] of [
    ['may.parquet', 'January to March against May'],
    ['all.parquet', 'January to March against 3,000,000 rows'],
  ] as const) {
    const script = join(import.meta.dirname, 'peers/evidently_drift.py');
    const { stdout } = await execute(evidently.python, [script, join(folder, 'reference.parquet'), join(folder, name)], {
      maxBuffer: 2 ** 26,
      timeout: 300_000,
    });
    // What the script prints as its last line.
    const { read, report: took } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { read: number; report: number };
    rows.push({
      what: `peer: Evidently DataDriftPreset, ${what}`,
      value: took,
      unit: 's',
      note: `all rows; reading the frames took ${read.toFixed(1)} s more`,
    });
  }
  return rows;
}
