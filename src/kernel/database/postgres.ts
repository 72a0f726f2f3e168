import { Kysely, PostgresDialect } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { createDatabase, type Database } from './database.ts';
import type { DirectWork, PostgresConnection } from './direct.ts';
import type { Durability } from './durability.ts';

const bigintOid = 20;

/** Opens a pool to PostgreSQL. `schema` confines all tables to one schema, which must exist. */
export async function openPostgres(
  url: string,
  options: { readonly schema?: string; readonly connections?: number; readonly durability?: Durability } = {},
): Promise<Database> {
  const pg = await import('pg');
  // Counts and epoch milliseconds are below 2^53; the driver's default of strings would differ from SQLite.
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') => (oid === bigintOid ? Number : pg.default.types.getTypeParser(oid, format)),
  };
  const settings = [
    ...(options.schema === undefined ? [] : [`-c search_path=${options.schema}`]),
    ...(options.durability === 'full' ? ['-c synchronous_commit=on'] : []),
  ];
  const pool = new pg.default.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: 5000,
    types,
    ...(settings.length === 0 ? {} : { options: settings.join(' ') }),
  });
  // An idle connection that breaks must not end the process; the next query reports it.
  pool.on('error', () => {});
  const both = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  return createDatabase({
    dialect: 'postgres',
    address: withoutCredentials(url),
    reader: both,
    writer: both,
    direct: (work) => runDirect(pool, work),
    // Kysely ends the pool only when a query went through it.
    close: async () => (pool.ending ? undefined : pool.end()),
  });
}

async function runDirect<Result>(pool: Pool, work: DirectWork<Result>): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work.postgres(connectionOver(client));
    await client.query('commit');
    return result;
  } catch (error) {
    // A connection that cannot even roll back is not given to anybody else.
    await client.query('rollback').catch((cause: unknown) => {
      broken = cause instanceof Error ? cause : new Error(String(cause));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

function connectionOver(client: PoolClient): PostgresConnection {
  return {
    async query<Row extends object>(statement: { readonly name: string; readonly text: string }, values: readonly unknown[]) {
      const result = await client.query<Row>({ ...statement, values: [...values] });
      return result.rows;
    },
  };
}

export function withoutCredentials(url: string): string {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
