import { fileURLToPath } from 'node:url';
import { fileTable, literal, readFigures, withDatabase, writeParquet } from './parquet.ts';
import { logMetric, outputPath, readParameters } from './step.ts';

/** Turns the airports list into Parquet. Columns are named here, not guessed, so that a changed source fails. */

const parameters = readParameters({ source: '' });
const source =
  parameters.source === '' ? fileURLToPath(new URL('../data/airports.csv', import.meta.resolve('vega-datasets'))) : parameters.source;

await withDatabase(async (connection) => {
  const columns = `{iata: 'VARCHAR', name: 'VARCHAR', city: 'VARCHAR', state: 'VARCHAR', country: 'VARCHAR', latitude: 'DOUBLE', longitude: 'DOUBLE'}`;
  await writeParquet(
    connection,
    `SELECT iata, name, nullif(city, 'NA') AS city, nullif(state, 'NA') AS state, country, latitude, longitude
     FROM read_csv(${literal(source)}, header = true, columns = ${columns}) ORDER BY iata`,
    outputPath('airports'),
  );
  const { rows } = await readFigures(connection, ['rows'], `SELECT count(*) AS rows FROM ${fileTable(outputPath('airports'))}`);
  logMetric('rows', rows);
  console.log(`${rows} airports`);
});
