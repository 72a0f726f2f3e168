import { writeFileSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { datasetTable, literal, readColumns, readFigures, texts, withDatabase, writeParquet } from './parquet.ts';
import { inputPath, logMetric, logParameters, logProgress, outputPath, readParameters } from './step.ts';
import { readStatistics } from './statistics.ts';

/**
 * Splits the flights in time. Evaluation: the last days, which training never sees. Before them: a random sample of rows to
 * train on; all other rows are the history from which late rates are counted, so that no row carries its own label.
 */

const parameters = readParameters({
  seed: 1,
  training_rows: 300_000,
  reference_rows: 20_000,
  evaluation_days: 14,
  training_days: 0,
  until: '',
  late_after_minutes: 15,
});
for (const name of ['training_rows', 'reference_rows', 'evaluation_days', 'training_days', 'late_after_minutes', 'seed'] as const) {
  if (!Number.isInteger(parameters[name]) || parameters[name] < 0)
    throw new Error(`Parameter "${name}" must be a whole number, 0 or more.`);
}
if (parameters.until !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(parameters.until))
  throw new Error('Parameter "until" must be a date like 2001-04-01.');

/** What a client sends, by the names and types of the model's signature. */
const INPUTS = 'origin, destination, distance, hour, day_of_week';

await withDatabase(async (connection) => {
  logParameters(parameters);
  logProgress(0, 3, 'read flights');
  const period = await splitInTime(connection);
  logProgress(1, 3, 'count late rates');
  const statistics = await readStatistics(connection, await airports(connection));
  writeFileSync(outputPath('statistics'), JSON.stringify({ ...statistics, period }));
  logProgress(2, 3, 'write rows');
  await connection.run('CREATE TABLE hour_rate AS SELECT hour, avg(label) AS rate FROM history GROUP BY hour');
  const overall = statistics.late / statistics.rows;
  await writeParquet(connection, `SELECT ${INPUTS}, label FROM sample ORDER BY shuffle`, outputPath('training'));
  await writeParquet(
    connection,
    `SELECT ${INPUTS}, label FROM sample ORDER BY shuffle LIMIT ${parameters.reference_rows}`,
    outputPath('reference'),
  );
  await writeParquet(
    connection,
    `SELECT origin, destination, distance, e.hour AS hour, day_of_week, label, coalesce(rate, ${overall}) AS baseline_score,
       e.hour AS slice_hour, origin AS slice_origin FROM evaluation e LEFT JOIN hour_rate USING (hour) ORDER BY date, origin, destination, label`,
    outputPath('evaluation'),
  );
  logProgress(3, 3, 'done');
  logMetric('training_rows', period.training_rows);
  logMetric('history_rows', statistics.rows);
  logMetric('evaluation_rows', period.evaluation_rows);
  console.log(
    `${period.training_rows} rows to train on of ${period.training_start}..${period.training_end}, ${period.evaluation_rows} to evaluate after them`,
  );
});

/** Creates the tables sample, history and evaluation; gives the bounds of the periods as ISO dates, each end included. */
async function splitInTime(connection: DuckDBConnection) {
  const before = parameters.until === '' ? '' : `AND date < DATE ${literal(parameters.until)}`;
  const from =
    parameters.training_days === 0 ? '' : `AND date >= (SELECT evaluation_start - INTERVAL ${parameters.training_days} DAY FROM bounds)`;
  const flights = datasetTable(inputPath('flights'));
  await connection.run(
    `CREATE TABLE bounds AS SELECT max(date)::DATE - ${parameters.evaluation_days - 1} AS evaluation_start FROM ${flights} WHERE true ${before}`,
  );
  // `date` is the actual departure; its minute tells how late the flight left, so that only the hour goes on.
  await connection.run(
    `CREATE TABLE rows AS SELECT date, origin, destination, distance::FLOAT AS distance, hour(date) AS hour, isodow(date) AS day_of_week,
       (delay > ${parameters.late_after_minutes})::INTEGER AS label, date >= (SELECT evaluation_start FROM bounds) AS held_out,
       hash(date, origin, destination, delay, ${parameters.seed}) AS shuffle FROM ${flights} WHERE delay IS NOT NULL ${before} ${from}`,
  );
  await connection.run('CREATE VIEW evaluation AS SELECT * FROM rows WHERE held_out');
  await connection.run(`CREATE TABLE sample AS SELECT * FROM rows WHERE NOT held_out ORDER BY shuffle LIMIT ${parameters.training_rows}`);
  await connection.run('CREATE VIEW history AS SELECT * FROM rows WHERE NOT held_out AND shuffle > (SELECT max(shuffle) FROM sample)');
  return readPeriod(connection);
}

/** The bounds and sizes of the split; a part without rows is an error. */
async function readPeriod(connection: DuckDBConnection) {
  const counts = await readFigures(
    connection,
    ['training_rows', 'evaluation_rows', 'history_rows'],
    'SELECT (SELECT count(*) FROM sample) AS training_rows, (SELECT count(*) FROM evaluation) AS evaluation_rows, (SELECT count(*) FROM history) AS history_rows',
  );
  if (counts.evaluation_rows === 0 || counts.training_rows === 0 || counts.history_rows === 0) {
    throw new Error(
      `The flights do not suffice for the split: ${JSON.stringify(counts)}. Load more months, or lower "training_rows" or "evaluation_days".`,
    );
  }
  const bounds = await readColumns(
    connection,
    `SELECT min(date) FILTER (NOT held_out)::DATE::VARCHAR AS training_start, max(date) FILTER (NOT held_out)::DATE::VARCHAR AS training_end,
       min(date) FILTER (held_out)::DATE::VARCHAR AS evaluation_start, max(date) FILTER (held_out)::DATE::VARCHAR AS evaluation_end FROM rows`,
  );
  const bound = (name: string) => texts(bounds, name)[0] ?? '';
  return {
    training_start: bound('training_start'),
    training_end: bound('training_end'),
    evaluation_start: bound('evaluation_start'),
    evaluation_end: bound('evaluation_end'),
    ...counts,
    late_after_minutes: parameters.late_after_minutes,
  };
}

async function airports(connection: DuckDBConnection): Promise<string> {
  await connection.run(`CREATE VIEW airports AS SELECT iata, latitude, longitude FROM ${datasetTable(inputPath('airports'))}`);
  return 'airports';
}
