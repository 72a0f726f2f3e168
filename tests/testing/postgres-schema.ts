import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Calls `body` with the address of an empty schema of the test server, which is dropped afterwards; not at all where there is no server. */
export async function withPostgresSchema(body: (url: string) => Promise<void>): Promise<void> {
  const address = process.env['RIPEN_TEST_POSTGRES_URL'];
  if (address === undefined) return;
  const schema = `ripen_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: address });
  await admin.connect();
  try {
    await admin.query(`create schema ${schema}`);
    await body(`${address}?options=${encodeURIComponent(`-c search_path=${schema}`)}`);
  } finally {
    await admin.query(`drop schema ${schema} cascade`);
    await admin.end();
  }
}

/** For the option `skip` of a test: the reason, where there is no PostgreSQL. */
export const withoutPostgres = process.env['RIPEN_TEST_POSTGRES_URL'] === undefined ? 'RIPEN_TEST_POSTGRES_URL is not set' : false;
