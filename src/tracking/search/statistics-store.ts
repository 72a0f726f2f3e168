import { sql } from 'kysely';
import type { Clock } from '#kernel/clock.ts';
import type { Database } from '#kernel/database/index.ts';

/** Keeps PostgreSQL's picture of the tables that searches read near the truth. */
export interface Statistics {
  /** To be awaited before a search. */
  refresh(): Promise<void>;
}

const tables = ['experiments', 'runs', 'run_names', 'run_inputs', 'run_parameters', 'run_tags', 'metric_latest'];
const msBetweenLooks = 10_000;
/** Bytes; the plan for a smaller table does not matter. */
const smallTable = 200_000;

/**
 * PostgreSQL plans by statistics that its own background task gathers up to minutes after many rows came in, or never where that task is
 * switched off; a search planned by the ones before may read everything. So the tables that have grown by more than a fifth are analysed
 * before the search that finds them so, which takes less than a second. SQLite needs none: its searches are written for one plan.
 */
export function createStatistics(database: Database, clock: Clock): Statistics {
  let lookedAt = -Infinity;
  let running: Promise<void> | undefined;
  return {
    async refresh() {
      if (database.dialect === 'sqlite') return;
      const now = clock.now();
      if (running === undefined && Math.abs(now - lookedAt) >= msBetweenLooks) {
        lookedAt = now;
        running = analyseGrown(database).finally(() => (running = undefined));
      }
      await running;
    },
  };
}

async function analyseGrown(database: Database): Promise<void> {
  const { rows } = await sql<{ name: string }>`select c.relname as name from pg_class as c
    join pg_stat_user_tables as s on s.relid = c.oid
    where c.oid in (select to_regclass(name) from unnest(${tables}::text[]) as name) and pg_relation_size(c.oid) > ${smallTable}
    and (c.reltuples < 0 or s.n_mod_since_analyze > greatest(c.reltuples, 1000) / 5)`.execute(database.query());
  for (const { name } of rows) await sql`analyze ${sql.table(name)}`.execute(database.query());
}
