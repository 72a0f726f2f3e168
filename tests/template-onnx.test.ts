import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { InferenceSession } from 'onnxruntime-node';
import { parse } from 'yaml';

/** Drives the steps of the template `onnx-typescript` as Ripen does: by the environment alone, each a process of its own. */

const template = fileURLToPath(new URL('../templates/onnx-typescript', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'ripen-template-'));
const at = (...path: string[]) => join(home, ...path);
after(() => rmSync(home, { recursive: true, force: true }));

interface Paths {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

interface LogEntry {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly step?: number;
}

function runStep(step: string, parameters: Readonly<Record<string, unknown>>, paths: Paths) {
  const work = mkdtempSync(at('step-'));
  writeFileSync(join(work, 'parameters.json'), JSON.stringify(parameters));
  writeFileSync(join(work, 'run.jsonl'), '');
  const variables = (prefix: string, values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([name, path]) => [`RIPEN_${prefix}_${name.toUpperCase().replaceAll('-', '_')}`, path] as const);
  for (const path of Object.values(paths.outputs)) mkdirSync(dirname(path), { recursive: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, [`steps/${step}.ts`], {
    cwd: template,
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      PATH: dirname(process.execPath),
      HOME: work,
      TMPDIR: work,
      TZ: 'UTC',
      LANG: 'C.UTF-8',
      RIPEN_PARAMETERS: join(work, 'parameters.json'),
      RIPEN_RUN_LOG: join(work, 'run.jsonl'),
      ...Object.fromEntries([...variables('INPUT', paths.inputs ?? {}), ...variables('OUTPUT', paths.outputs)]),
    },
  });
  const lines = readFileSync(join(work, 'run.jsonl'), 'utf8').trim().split('\n').filter(Boolean);
  // The log is the step's own; the assertions below check the members they use.
  return { status, stdout, stderr, log: lines.map((line) => JSON.parse(line) as LogEntry) };
}

function mustRun(step: string, parameters: Readonly<Record<string, unknown>>, paths: Paths): readonly LogEntry[] {
  const { status, stdout, stderr, log } = runStep(step, parameters, paths);
  assert.equal(status, 0, `${step} failed\n${stdout}\n${stderr}`);
  return log;
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    return await (await connection.run(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const training = { inputs: { training: at('training.parquet'), statistics: at('statistics.json') } };
// Batches are small because one epoch of 20,000 rows has few of them.
const small = { epochs: 1, batch_size: 64, validation_rows: 2000 };

test('the chain of a small slice writes what gates, registry and monitoring read', async (t) => {
  await t.test('extract cuts one month, sorted and narrowed to 32 bits', async () => {
    mustRun('extract', { month: '2001-01' }, { outputs: { month: at('flights', '01.parquet') } });
    mustRun('extract', { month: '2001-02' }, { outputs: { month: at('flights', '02.parquet') } });
    mustRun('extract-airports', {}, { outputs: { airports: at('airports', 'airports.parquet') } });
    const [bounds] = await query(
      `SELECT min(date)::VARCHAR AS first, max(date)::VARCHAR AS last, count(*)::INTEGER AS rows, min(delay) AS least FROM '${at('flights', '02.parquet')}'`,
    );
    assert.deepEqual(bounds, { first: '2001-02-01 00:00:00', last: '2001-02-28 23:59:00', rows: 458_167, least: -87 });
    assert.deepEqual(
      await query(`SELECT typeof(delay) AS delay, typeof(distance) AS distance FROM '${at('flights', '01.parquet')}' LIMIT 1`),
      [{ delay: 'INTEGER', distance: 'INTEGER' }],
    );
  });

  await t.test('prepare splits in time and keeps training rows out of the late rates', async () => {
    mustRun(
      'prepare',
      { training_rows: 20_000, reference_rows: 3000, evaluation_days: 7 },
      {
        inputs: { flights: at('flights'), airports: at('airports') },
        outputs: {
          training: at('training.parquet'),
          evaluation: at('evaluation.parquet'),
          reference: at('raw-reference.parquet'),
          statistics: at('statistics.json'),
        },
      },
    );
    const columns = await query(`DESCRIBE SELECT * FROM '${at('evaluation.parquet')}'`);
    assert.deepEqual(Object.fromEntries(columns.map((column) => [column['column_name'], column['column_type']])), {
      origin: 'VARCHAR',
      destination: 'VARCHAR',
      distance: 'FLOAT',
      hour: 'BIGINT',
      day_of_week: 'BIGINT',
      label: 'INTEGER',
      baseline_score: 'DOUBLE',
      slice_hour: 'BIGINT',
      slice_origin: 'VARCHAR',
    });
    const { rows, period } = JSON.parse(readFileSync(at('statistics.json'), 'utf8'));
    const [all] = await query(`SELECT count(*)::INTEGER AS rows FROM '${at('flights')}/*.parquet' WHERE date < DATE '2001-02-22'`);
    assert.deepEqual([period.training_rows, period.evaluation_start, period.training_end], [20_000, '2001-02-22', '2001-02-21']);
    assert.equal(rows + period.training_rows, all?.['rows']);
  });

  await t.test('train logs its curve and writes a model that takes raw inputs', async () => {
    const log = mustRun('train', small, { ...training, outputs: { model: at('model.onnx') } });
    const metric = (name: string) => log.filter((entry) => entry.type === 'metric' && entry.name === name);
    for (const name of ['loss', 'val_loss', 'val_auc'])
      assert.ok(metric(name).length >= 10 && metric(name).every((entry) => entry.step !== undefined), name);
    assert.ok(Number(metric('onnx_difference')[0]?.value) <= 1e-5);
    assert.ok(log.some((entry) => entry.type === 'progress'));
    assert.ok(log.some((entry) => entry.type === 'parameter' && entry.name === 'epochs' && entry.value === 1));
    const session = await InferenceSession.create(at('model.onnx'));
    assert.deepEqual(
      session.inputMetadata.map((input) => (input.isTensor ? [input.name, input.type, input.shape.length] : [])),
      [
        ['origin', 'string', 1],
        ['destination', 'string', 1],
        ['distance', 'float32', 1],
        ['hour', 'int64', 1],
        ['day_of_week', 'int64', 1],
      ],
    );
    assert.deepEqual(session.outputNames, ['probability']);
    await session.release();
  });

  await t.test('evaluate beats the baseline and writes report, card, scored rows and reference', async () => {
    mustRun('evaluate', { slice_minimum_rows: 200 }, evaluation(at('model.onnx'), at('good')));
    const report = JSON.parse(readFileSync(at('good', 'evaluation.json'), 'utf8'));
    assert.ok(
      report.metrics.auc > report.metrics.baseline_auc + 0.01,
      `auc ${report.metrics.auc}, baseline ${report.metrics.baseline_auc}`,
    );
    for (const name of ['log_loss', 'brier', 'calibration_error', 'positive_rate', 'latency_p50_ms'])
      assert.ok(Number.isFinite(report.metrics[name]), name);
    assert.equal(
      report.calibration.reduce((sum: number, bin: { count: number }) => sum + bin.count, 0),
      report.rows,
    );
    assert.ok(report.slices.some((slice: { slice: string }) => slice.slice === 'hour=17'));
    const [reference] = await query(
      `SELECT count(*)::INTEGER AS rows, bool_and(score BETWEEN 0 AND 1) AS valid FROM '${at('good', 'reference.parquet')}'`,
    );
    assert.deepEqual(reference, { rows: 3000, valid: true });
    const [scored] = await query(
      `SELECT count(*)::INTEGER AS rows, count(score)::INTEGER AS scores FROM '${at('good', 'scored.parquet')}'`,
    );
    assert.deepEqual(scored, { rows: report.rows, scores: report.rows });
    assert.match(readFileSync(at('good', 'card.md'), 'utf8'), /## Intended use[\s\S]*\{\{snapshots\}\}[\s\S]*## Ethical considerations/);
  });

  await t.test('the same seed gives the same file, byte for byte', () => {
    mustRun('train', small, { ...training, outputs: { model: at('again.onnx') } });
    assert.ok(readFileSync(at('model.onnx')).equals(readFileSync(at('again.onnx'))));
  });

  await t.test('labels in random order make a model that is worse than the baseline', () => {
    mustRun('train', { ...small, shuffle_labels: true }, { ...training, outputs: { model: at('worse.onnx') } });
    mustRun('evaluate', {}, evaluation(at('worse.onnx'), at('worse')));
    const { metrics } = JSON.parse(readFileSync(at('worse', 'evaluation.json'), 'utf8'));
    assert.ok(metrics.auc < metrics.baseline_auc, `auc ${metrics.auc}, baseline ${metrics.baseline_auc}`);
  });
});

test('a step refuses parameters that it does not know or that have another type', () => {
  const unknown = runStep('extract', { month: '2001-01', moth: 'x' }, { outputs: { month: at('none.parquet') } });
  assert.equal(unknown.status, 1);
  assert.match(unknown.stderr, /Unknown parameter "moth"/);
  assert.match(runStep('extract', { month: 1 }, { outputs: { month: at('none.parquet') } }).stderr, /"month" must be a string/);
  assert.match(runStep('extract', { month: '2009-01' }, { outputs: { month: at('none.parquet') } }).stderr, /holds no flight of 2009-01/);
});

test('ripen.yaml names only files that exist, parameters that are declared and outputs that are written', () => {
  const { pipelines } = parse(readFileSync(join(template, 'ripen.yaml'), 'utf8'));
  for (const [pipeline, definition] of Object.entries<Declared>(pipelines)) {
    for (const step of Object.values(definition.steps)) {
      for (const file of step.code) assert.doesNotThrow(() => readFileSync(join(template, file)), `${pipeline}: ${file}`);
      for (const name of step.parameters) assert.ok(name in definition.parameters, `${pipeline}: ${name}`);
    }
  }
});

interface Declared {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly steps: Readonly<Record<string, { readonly code: readonly string[]; readonly parameters: readonly string[] }>>;
}

function evaluation(model: string, folder: string): Paths {
  return {
    inputs: { model, evaluation: at('evaluation.parquet'), reference: at('raw-reference.parquet'), statistics: at('statistics.json') },
    outputs: {
      report: join(folder, 'evaluation.json'),
      card: join(folder, 'card.md'),
      scored: join(folder, 'scored.parquet'),
      reference: join(folder, 'reference.parquet'),
    },
  };
}
