import { writeFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { writeCard } from './card.ts';
import { type Evaluation, judge, sliceBy } from './evaluation.ts';
import { readFlights } from './flights.ts';
import { measureLatency } from './latency.ts';
import { createNumberTable, fileTable, withDatabase, writeParquet } from './parquet.ts';
import { createScorer } from './scoring.ts';
import { loadStatistics } from './statistics.ts';
import { inputPath, logArtifact, logMetric, logParameters, logProgress, outputPath, readParameters } from './step.ts';

/** Judges the model file itself, as it will be served, on flights after the training period; writes report, card and reference. */

const parameters = readParameters({ slice_minimum_rows: 1000, slice_airports: 30 });
logParameters(parameters);

await withDatabase(async (connection) => {
  const scorer = await createScorer(inputPath('model'));
  const rows = await readFlights(connection, inputPath('evaluation'), 'baseline_score');
  const baseline = rows.baseline ?? new Float64Array();
  const scores = await scorer.score(rows.flights);
  logProgress(1, 3, 'judge');
  const { metrics, calibration } = judge(rows, scores, baseline);
  const slice = { minimum: parameters.slice_minimum_rows };
  const slices = [
    ...sliceBy(rows, { scores, baseline }, { ...slice, name: 'hour', values: rows.flights.hour, limit: 24 }),
    ...sliceBy(rows, { scores, baseline }, { ...slice, name: 'origin', values: rows.flights.origin, limit: parameters.slice_airports }),
  ];
  const latency = await measureLatency(rows, scorer);
  const { period } = loadStatistics(inputPath('statistics'));
  const evaluation: Evaluation = { metrics: { ...metrics, ...latency }, calibration, slices, rows: scores.length, trained_on: period };
  writeFileSync(outputPath('report'), `${JSON.stringify(evaluation, undefined, 2)}\n`);
  writeFileSync(outputPath('card'), writeCard(evaluation));
  logArtifact('evaluation.json', outputPath('report'));
  logArtifact('card.md', outputPath('card'));

  logProgress(2, 3, 'write scored rows');
  await writeScored(connection, 'evaluation', { scores, path: outputPath('scored') });
  const reference = await readFlights(connection, inputPath('reference'));
  await writeScored(connection, 'reference', { scores: await scorer.score(reference.flights), path: outputPath('reference') });
  await scorer.close();
  for (const [name, value] of Object.entries(evaluation.metrics)) logMetric(name, value);
  logProgress(3, 3, 'done');
  const figure = (name: string) => (evaluation.metrics[name] ?? Number.NaN).toFixed(4);
  console.log(
    `${scores.length} rows: auc ${figure('auc')} (baseline ${figure('baseline_auc')}), log loss ${figure('log_loss')}, calibration error ${figure('calibration_error')}`,
  );
});

/** The rows of an input with the model's score beside them. */
async function writeScored(connection: DuckDBConnection, input: string, to: { scores: Float32Array; path: string }): Promise<void> {
  await createNumberTable(connection, `${input}_scores`, to.scores);
  await writeParquet(
    connection,
    `SELECT r.*, value::FLOAT AS score FROM ${fileTable(inputPath(input))} r POSITIONAL JOIN ${input}_scores`,
    to.path,
  );
}
