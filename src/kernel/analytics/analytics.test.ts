import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Analytics, type AnalyticsOptions, createAnalytics } from './analytics.ts';

const warnings: string[] = [];
const opened: Analytics[] = [];
let directory = '';
let analytics: Analytics;

function open(options: Partial<AnalyticsOptions> = {}): Analytics {
  const created = createAnalytics({
    directory: join(directory, String(opened.length)),
    log: { warn: (details, message) => warnings.push(`${message} ${JSON.stringify(details)}`) },
    ...options,
  });
  opened.push(created);
  return created;
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ripen-analytics-'));
  analytics = open();
});
after(async () => {
  await Promise.all(opened.map((each) => each.close()));
  await rm(directory, { recursive: true });
});

/** Analytics processes working for the given directory, found by their arguments. */
function processesOf(place: string): number[] {
  const lines = execFileSync('ps', ['-ww', '-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes('worker.ts') && line.includes(place)).map((line) => Number.parseInt(line, 10));
}

async function untilGone(place: string): Promise<void> {
  for (let tries = 0; tries < 100 && processesOf(place).length > 0; tries++) await sleep(20);
  assert.deepEqual(processesOf(place), []);
}

const slowQuery = 'SELECT count(*) AS n FROM range(100000000) a, range(100000) b WHERE (a.range * b.range) % 7 = 3';

test('values come back as plain data', async () => {
  const [row] =
    await analytics.query(`SELECT 1::BIGINT AS small, 9007199254740993::BIGINT AS large, 170141183460469231731687303715884105727::HUGEINT AS huge,
    1.50::DECIMAL(10,2) AS price, 'nan'::DOUBLE AS nan, '-inf'::DOUBLE AS inf, NULL AS nothing, DATE '2001-02-03' AS day,
    TIMESTAMP '2001-02-03 04:05:06.789' AS moment, TIMESTAMPTZ '2001-02-03 04:05:06+02' AS zoned, TIME '04:05:06' AS clock, '\\xAA\\x01'::BLOB AS bytes,
    [1, NULL] AS list, {'a': 1, '列': 'x'} AS struct, MAP {'k': 2.5} AS map, 'x'::ENUM('x', 'y') AS level, 'infinity'::TIMESTAMP AS forever`);
  assert.deepEqual(row, {
    small: 1,
    large: '9007199254740993',
    huge: '170141183460469231731687303715884105727',
    price: 1.5,
    nan: Number.NaN,
    inf: Number.NEGATIVE_INFINITY,
    nothing: null,
    day: '2001-02-03',
    moment: '2001-02-03T04:05:06.789Z',
    zoned: '2001-02-03T02:05:06Z',
    clock: '04:05:06',
    bytes: 'qgE=',
    list: [1, null],
    struct: { a: 1, 列: 'x' },
    map: [{ key: 'k', value: 2.5 }],
    level: 'x',
    forever: 'infinity',
  });
});

test('parameters are bound as values and never read as SQL', async () => {
  const rows = await analytics.query(
    'SELECT ? AS text, ? AS n, ? AS big, ? AS real, ? AS yes, ? AS nothing, list_sum(?) AS total, len(?) AS count',
    [`'; DROP TABLE x; --`, 7, 2 ** 40, 1e300, true, null, [1, 2.5], ['a', 'b']],
  );
  assert.deepEqual(rows, [
    { text: `'; DROP TABLE x; --`, n: 7, big: 2 ** 40, real: 1e300, yes: true, nothing: null, total: 3.5, count: 2 },
  ]);
});

test('a result of many megabytes arrives whole and in order', async () => {
  const rows = await analytics.query<{ n: number; text: string }>(`SELECT range AS n, repeat('x', 400) AS text FROM range(50000)`);
  assert.equal(rows.length, 50000);
  assert.ok(rows.every((row, index) => row.n === index && row.text.length === 400));
});

test('more rows than allowed are an error instead of a full memory', async () => {
  await assert.rejects(analytics.query('SELECT * FROM range(1000000)', [], { maxRows: 1000 }), {
    code: 'kernel.analytics-result-too-large',
  });
});

test('many queries at once each get their own answer, and one failing does not touch the others', async () => {
  const answers = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      analytics.query<{ n: number }>(n === 7 ? 'SELECT missing' : `CREATE TEMP TABLE t AS SELECT ${n} AS n; SELECT n FROM t`),
    ),
  );
  assert.deepEqual(
    answers.map((answer) => (answer.status === 'fulfilled' ? answer.value[0]?.n : answer.reason.code)),
    Array.from({ length: 20 }, (_, n) => (n === 7 ? 'kernel.analytics-query-failed' : n)),
  );
});

test('a query past its time is interrupted, and the process goes on', async () => {
  const [before] = await analytics.query<{ pid: string }>(`SELECT current_setting('temp_directory') AS pid`);
  await assert.rejects(analytics.query(slowQuery, [], { timeoutMs: 100 }), { code: 'kernel.analytics-timeout' });
  assert.deepEqual(await analytics.query(`SELECT current_setting('temp_directory') AS pid`), [before]);
});

test('an aborted query stops', async () => {
  const controller = new AbortController();
  const slow = analytics.query(slowQuery, [], { signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(slow, { code: 'kernel.analytics-cancelled' });
  await assert.rejects(analytics.query('SELECT 1', [], { signal: controller.signal }), { code: 'kernel.analytics-cancelled' });
});

test('a crash fails the query in flight with its reason, and the next query works', async () => {
  const place = join(directory, 'crash');
  const crashing = open({ directory: place });
  await crashing.query('SELECT 1');
  const slow = crashing.query(slowQuery);
  await sleep(50);
  const [pid = 0] = processesOf(place);
  process.kill(pid, 'SIGSEGV');
  await assert.rejects(
    slow,
    (error: { code: string; message: string }) => error.code === 'kernel.analytics-crashed' && error.message.includes('SIGSEGV'),
  );
  assert.ok(warnings.some((warning) => warning.includes('SIGSEGV')));
  assert.deepEqual(await crashing.query('SELECT 2 AS n'), [{ n: 2 }]);
});

test('the process ends when idle and comes back', async () => {
  const place = join(directory, 'idle');
  const lazy = open({ directory: place, idleMs: 10 });
  assert.deepEqual(processesOf(place), []);
  await lazy.query('SELECT 1');
  await untilGone(place);
  assert.deepEqual(await lazy.query('SELECT 2 AS n'), [{ n: 2 }]);
});

test('the process does not outlive a parent that is killed', async () => {
  const place = join(directory, 'orphan');
  const script = join(directory, 'parent.ts');
  await writeFile(
    script,
    `import { createAnalytics } from ${JSON.stringify(new URL('./analytics.ts', import.meta.url).href)};
    const analytics = createAnalytics({ directory: ${JSON.stringify(place)}, log: { warn() {} } });
    await analytics.query('SELECT 1');
    console.log('ready');
    await analytics.query(${JSON.stringify(slowQuery)});`,
  );
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(parent.stdout, 'data');
  assert.equal(processesOf(place).length, 1);
  parent.kill('SIGKILL');
  await untilGone(place);
});

test('more memory than allowed is an error, not the end', async () => {
  const small = open({ memoryLimitBytes: 64 * 1024 * 1024 });
  await assert.rejects(small.query(`SELECT length(string_agg(repeat('x', 1000), '')) FROM range(1000000)`), {
    code: 'kernel.analytics-out-of-memory',
  });
  assert.deepEqual(await small.query('SELECT 1 AS n'), [{ n: 1 }]);
});

test('a file that is not Parquet is a plain error', async () => {
  const file = join(directory, 'bad.parquet');
  await writeFile(file, 'PAR1 this is not a table PAR1');
  await assert.rejects(analytics.query('SELECT * FROM read_parquet(?)', [file]), { code: 'kernel.analytics-query-failed' });
});

test('extensions are never fetched and settings cannot be changed', async () => {
  await assert.rejects(analytics.query('INSTALL httpfs'), { code: 'kernel.analytics-query-failed' });
  await assert.rejects(analytics.query(`SELECT * FROM read_parquet('s3://bucket/file.parquet')`), {
    code: 'kernel.analytics-query-failed',
  });
  await assert.rejects(analytics.query(`SET GLOBAL memory_limit = '100GB'`), { code: 'kernel.analytics-query-failed' });
});

test('closing fails what is in flight and refuses what comes after', async () => {
  const closing = open();
  const slow = closing.query(slowQuery);
  const refused = assert.rejects(slow, { code: 'kernel.analytics-cancelled' });
  await closing.close();
  await refused;
  await assert.rejects(closing.query('SELECT 1'), { code: 'kernel.analytics-cancelled' });
});
