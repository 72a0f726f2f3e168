import { Kysely, PostgresDialect } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import { createDatabase, type Database } from './database.ts';
import type { DirectWork, PostgresConnection, PostgresStatement } from './direct.ts';
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
  const transaction = new DirectTransaction(client);
  try {
    const result = await work.postgres(transaction);
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollback();
    throw error;
  } finally {
    client.release(transaction.broken);
  }
}

/** Begins with its first statement. */
class DirectTransaction implements PostgresConnection {
  readonly #client: PoolClient;
  #begun = false;
  /** Why the connection can be given to nobody else. */
  broken: Error | undefined;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async query<Row extends object>(statement: PostgresStatement, values: readonly unknown[]): Promise<Row[]> {
    if (!this.#begun) await this.#client.query('begin');
    this.#begun = true;
    return this.#run<Row>(statement, values);
  }

  alone<Row extends object>(statement: PostgresStatement, values: readonly unknown[]): Promise<Row[]> {
    return this.#run<Row>(statement, values);
  }

  async commit(): Promise<void> {
    if (this.#begun) await this.#client.query('commit');
  }

  async rollback(): Promise<void> {
    // A connection that cannot even answer this has lost its server.
    await this.#client.query('rollback').catch((cause: unknown) => {
      this.broken = cause instanceof Error ? cause : new Error(String(cause));
    });
  }

  async #run<Row extends object>({ name, text }: PostgresStatement, values: readonly unknown[]): Promise<Row[]> {
    return (await this.#client.query<Row>({ name, text, values: [...values] })).rows;
  }
}

export function withoutCredentials(url: string): string {
  const parsed = new URL(url);
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
