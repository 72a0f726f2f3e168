import type { Database, PostgresConnection, SqliteConnection } from '#kernel/database/index.ts';
import { trackingErrors } from '../errors.ts';
import type { LogEntry, LoggedRun } from './log-entry.ts';
import { writeOnPostgres } from './log-postgres-store.ts';
import { sealOnPostgres } from './log-seal-postgres-store.ts';
import { sealOnSqlite } from './log-seal-sqlite-store.ts';
import { writeOnSqlite } from './log-sqlite-store.ts';

/**
 * Group commit: what is logged while one turn of the event loop lasts, or while the group before is being written, is written in one
 * transaction, so that many writers share the cost of a commit. Each call hears of its own entry, and only after the commit.
 */
export interface LogIntake {
  /** @throws `tracking.overloaded` at once; rejects with what the database says of this entry */
  add(entry: LogEntry): Promise<void>;
  /** Packs the points of a run that ended. */
  seal(run: LoggedRun): Promise<void>;
}

/** What may wait, in bytes by the weights of the entries; one entry may always. */
const largestWait = 64 * 1024 * 1024;
/** A group blocks other writers, and on SQLite the process, for about as long as this takes to write: tens of milliseconds. */
const largestGroup = { entries: 1000, weight: 4 * 1024 * 1024 };

interface Waiting {
  readonly entry: LogEntry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export function createLogIntake(database: Database, { mostWaiting = largestWait }: { readonly mostWaiting?: number } = {}): LogIntake {
  let queue: Waiting[] = [];
  let weight = 0;
  let working = false;

  const take = (): readonly Waiting[] => {
    let entries = 0;
    let size = 0;
    while (entries < queue.length && entries < largestGroup.entries && size < largestGroup.weight)
      size += queue[entries++]?.entry.weight ?? 0;
    const group = queue.slice(0, entries);
    queue = entries === queue.length ? [] : queue.slice(entries);
    return group;
  };

  const settle = ({ entry, resolve, reject }: Waiting, error: unknown): void => {
    weight -= entry.weight;
    entry.run.waiting--;
    if (error === undefined) resolve();
    else reject(error);
  };

  const work = async (): Promise<void> => {
    await writeGroup(database, take(), settle);
    // Not at once: on SQLite nothing here waits for the event loop, and timers and sockets must have their turn.
    if (queue.length > 0) setImmediate(() => void work());
    else working = false;
  };

  return {
    add(entry) {
      database.refuseInside();
      if (queue.length > 0 && weight + entry.weight > mostWaiting) throw trackingErrors['overloaded']({ entries: queue.length });
      weight += entry.weight;
      entry.run.waiting++;
      return new Promise((resolve, reject) => {
        queue.push({ entry, resolve, reject });
        if (working) return;
        working = true;
        setImmediate(() => void work());
      });
    },
    async seal(run) {
      const some = {
        sqlite: (connection: SqliteConnection) => sealOnSqlite(connection, run),
        postgres: (connection: PostgresConnection) => sealOnPostgres(connection, run),
      };
      while (await database.direct(some)) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

async function writeGroup(
  database: Database,
  group: readonly Waiting[],
  settle: (waiting: Waiting, error: unknown) => void,
): Promise<void> {
  const entries = group.map(({ entry }) => entry);
  try {
    const outcomes = await database.direct({
      sqlite: (connection) => writeOnSqlite(connection, entries),
      postgres: (connection) => writeOnPostgres(connection, entries),
    });
    group.forEach((waiting, index) => settle(waiting, outcomes[index]));
  } catch (error) {
    const [first] = group;
    if (first === undefined) return;
    if (group.length === 1 || !concernsOne(error)) for (const waiting of group) settle(waiting, error);
    // Entries may be written again, since the same points are kept once.
    else for (const waiting of group) await writeGroup(database, [waiting], settle);
  }
}

/** Whether the database refused something in a statement; else it is gone or full, which holds for every entry. */
function concernsOne(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // SQLSTATE classes 53 (resources), 57 (shut down) and 58 (system); node-postgres sets `severity` for what the server reported.
  if ('severity' in error) return !('code' in error && /^5[378]/.test(String(error.code)));
  // SQLITE_CONSTRAINT, SQLITE_MISMATCH and SQLITE_TOOBIG (sqlite.org/rescode.html), whose extended codes have these as their last byte.
  return 'errcode' in error && [18, 19, 20].includes(Number(error.errcode) & 0xff);
}
