import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { systemClock } from '#kernel/clock.ts';
import { type Database, type MigrationSet, openDatabase } from '#kernel/database/index.ts';
import { openPostgres } from '../../src/kernel/database/postgres.ts';
import { createEventLog, type EventLog, systemActor } from '#kernel/events/index.ts';
import { randomIds } from '#kernel/ids.ts';

export interface OpenLog {
  readonly database: Database;
  readonly events: EventLog;
  close(): Promise<void>;
}

/** A fresh database in a file. */
export async function openSqliteLog(folder: string, sets: readonly MigrationSet[]): Promise<OpenLog> {
  const database = await openDatabase(`sqlite:${folder}/ripen.db`);
  await database.migrate(sets);
  const events = createEventLog({ database, clock: systemClock, ids: randomIds() });
  return { database, events, close: () => database.close() };
}

/** A fresh schema in the PostgreSQL server at `url`, removed at the end. */
export async function openPostgresLog(url: string, sets: readonly MigrationSet[]): Promise<OpenLog> {
  const schema = `ripen_bench_${randomBytes(6).toString('hex')}`;
  const admin = await openPostgres(url, { connections: 1 });
  await sql`create schema ${sql.id(schema)}`.execute(admin.query());
  const database = await openPostgres(url, { schema, connections: 8 });
  await database.migrate(sets);
  const events = createEventLog({ database, clock: systemClock, ids: randomIds() });
  return {
    database,
    events,
    async close() {
      await database.close();
      await sql`drop schema ${sql.id(schema)} cascade`.execute(admin.query());
      await admin.close();
    },
  };
}

/** A change with one event of the size that a finished step has. */
export async function appendOne(events: EventLog, index: number): Promise<void> {
  await append(events, index, 1);
}

export async function append(events: EventLog, index: number, count: number): Promise<void> {
  await events.change({ actor: systemActor, project: 'bench' }, async (change) => {
    for (let each = 0; each < count; each++) {
      const data = { step: 'train', durationMs: index + each, cached: false, outputs: { model: `sha256:${'ab'.repeat(32)}` } };
      change.emit({ type: 'step.finished', source: 'pipelines', subject: `projects/bench/pipeline-runs/${index}/steps/train`, data });
    }
  });
}
