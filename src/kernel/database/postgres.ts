import { Kysely, PostgresDialect } from 'kysely';
import { createDatabase, type Database } from './database.ts';

const bigintOid = 20;

/** Opens a pool to PostgreSQL. `schema` confines all tables to one schema, which must exist. */
export async function openPostgres(
  url: string,
  options: { readonly schema?: string; readonly connections?: number } = {},
): Promise<Database> {
  const pg = await import('pg');
  // Counts and epoch milliseconds are below 2^53; the driver's default of strings would differ from SQLite.
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === bigintOid ? Number : pg.default.types.getTypeParser(oid, format)),
  };
  const pool = new pg.default.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 5000,
    types,
    ...(options.schema === undefined ? {} : { options: `-c search_path=${options.schema}` }),
  });
  // An idle connection that breaks must not end the process; the next query reports it.
  pool.on('error', () => {});
  const both = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  return createDatabase({ dialect: 'postgres', address: withoutCredentials(url), reader: both, writer: both });
}

export function withoutCredentials(url: string): string {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
