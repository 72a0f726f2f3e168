import { fileURLToPath } from 'node:url';
import { fileTable, readFigures, withDatabase, writeParquet } from './parquet.ts';
import { logMetric, logParameters, outputPath, readParameters } from './step.ts';

/** Cuts one month out of the source file. The source is opened by name so that another project can point it elsewhere. */

const parameters = readParameters({ month: '2001-01', source: '' });
if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(parameters.month))
  throw new Error(`Parameter "month" must look like 2001-01, got "${parameters.month}".`);
const source =
  parameters.source === '' ? fileURLToPath(new URL('../data/flights-3m.parquet', import.meta.resolve('vega-datasets'))) : parameters.source;

/**
 * An arrival more than 100 minutes early is no arrival but an error of the record (some wrapped around midnight: 324 minutes
 * late became -1116). The three of them in three million rows are left out here and counted, so that the contract can refuse them.
 */
const EARLIEST_ARRIVAL_MINUTES = -100;

await withDatabase(async (connection) => {
  const start = `DATE '${parameters.month}-01'`;
  const month = `SELECT * FROM ${fileTable(source)} WHERE date >= ${start} AND date < ${start} + INTERVAL 1 MONTH`;
  await writeParquet(
    connection,
    `SELECT date, delay::INTEGER AS delay, distance::INTEGER AS distance, origin, destination FROM (${month})
     WHERE delay IS NULL OR delay >= ${EARLIEST_ARRIVAL_MINUTES} ORDER BY date, origin, destination, delay`,
    outputPath('month'),
  );
  const { rows, kept } = await readFigures(
    connection,
    ['rows', 'kept'],
    `SELECT (SELECT count(*) FROM (${month})) AS rows, (SELECT count(*) FROM ${fileTable(outputPath('month'))}) AS kept`,
  );
  if (kept === 0) throw new Error(`The source ${source} holds no flight of ${parameters.month}.`);
  logParameters(parameters);
  logMetric('rows', kept);
  logMetric('impossible_rows', rows - kept);
  console.log(`${kept} flights of ${parameters.month}; ${rows - kept} left out with a delay below ${EARLIEST_ARRIVAL_MINUTES} minutes`);
});
