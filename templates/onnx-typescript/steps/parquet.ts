import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';

/** An SQL string literal; paths and names reach DuckDB's COPY and read_parquet only as literals. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The rows of a dataset: all Parquet files in its directory. */
export function datasetTable(directory: string): string {
  return `read_parquet(${literal(`${directory}/*.parquet`)})`;
}

export function fileTable(path: string): string {
  return `read_parquet(${literal(path)})`;
}

/** Runs work on an in-memory DuckDB and closes it whatever happens. Two threads: a step must not take a shared machine for itself. */
export async function withDatabase<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Writes the rows of a query as one Parquet file. Small row groups keep filtered reads cheap. */
export async function writeParquet(connection: DuckDBConnection, query: string, path: string): Promise<void> {
  await connection.run(`COPY (${query}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`);
}

/** The result of a query by columns. */
export async function readColumns(connection: DuckDBConnection, query: string): Promise<ReadonlyMap<string, readonly DuckDBValue[]>> {
  const result = await connection.run(query);
  const columns = await result.getColumns();
  return new Map(result.columnNames().map((name, index) => [name, columns[index] ?? []]));
}

/** A column of numbers; a null or a value of another type is an error that names the column. */
export function numbers(columns: ReadonlyMap<string, readonly DuckDBValue[]>, name: string): Float64Array {
  const values = column(columns, name);
  const result = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (typeof value !== 'number' && typeof value !== 'bigint') throw new Error(`Column "${name}" row ${row} is not a number.`);
    result[row] = Number(value);
  }
  return result;
}

/** A column of texts; a null is an error that names the column. */
export function texts(columns: ReadonlyMap<string, readonly DuckDBValue[]>, name: string): string[] {
  return column(columns, name).map((value, row) => {
    if (typeof value !== 'string') throw new Error(`Column "${name}" row ${row} is not a text.`);
    return value;
  });
}

/** The single row of a query as numbers. */
export async function readFigures<const Name extends string>(
  connection: DuckDBConnection,
  names: readonly Name[],
  query: string,
): Promise<Readonly<Record<Name, number>>> {
  const columns = await readColumns(connection, query);
  return Object.fromEntries(names.map((name) => [name, numbers(columns, name)[0] ?? Number.NaN])) as Record<Name, number>;
}

/** Makes a one-column table of numbers in the order given, to be joined by position. */
export async function createNumberTable(connection: DuckDBConnection, name: string, values: Float32Array | Float64Array): Promise<void> {
  await connection.run(`CREATE TABLE ${name} (value DOUBLE)`);
  const appender = await connection.createAppender(name);
  for (const value of values) {
    appender.appendDouble(value);
    appender.endRow();
  }
  appender.closeSync();
}

function column(columns: ReadonlyMap<string, readonly DuckDBValue[]>, name: string): readonly DuckDBValue[] {
  const values = columns.get(name);
  if (values === undefined) throw new Error(`The query gave no column "${name}".`);
  return values;
}
