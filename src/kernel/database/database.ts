import { AsyncLocalStorage } from 'node:async_hooks';
import type { Kysely, Transaction as KyselyTransaction } from 'kysely';
import type { DirectWork } from './direct.ts';
import { databaseErrors } from './errors.ts';
import type { MigrationSet } from './migrate.ts';
import { migrate } from './migrate.ts';

export type DialectName = 'sqlite' | 'postgres';

/** Something that runs SQL. `Tables` is the caller's own view of the tables it owns. */
export interface Queryable {
  readonly dialect: DialectName;
  query<Tables>(): Kysely<Tables>;
}

/**
 * The metadata database. `query` reads; every write goes through `transaction`.
 * Inside a transaction await nothing but SQL: on SQLite all writers share one connection.
 */
export interface Database extends Queryable {
  /** Where the data is, without credentials; for messages. */
  readonly address: string;
  transaction<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result>;
  /**
   * One transaction of statements that go straight to the driver; it takes its turn with all other writers. On SQLite the work is done
   * in one go, so that nothing comes between.
   */
  direct<Result>(work: DirectWork<Result>): Promise<Result>;
  /** Throws where a transaction of this call chain is open, since waiting for another one would never end. @throws `database.nested-transaction` */
  refuseInside(): void;
  /** Runs several reads that all see the same moment, while others go on writing. */
  snapshot<Result>(work: (at: Queryable) => Promise<Result>): Promise<Result>;
  /** Brings each module's tables up to date, in the order given; returns the names applied now. */
  migrate(sets: readonly MigrationSet[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What a dialect has to offer. `reader` and `writer` may be the same pool. */
export interface Connections {
  readonly dialect: DialectName;
  readonly address: string;
  readonly reader: Kysely<unknown>;
  readonly writer: Kysely<unknown>;
  direct<Result>(work: DirectWork<Result>): Promise<Result>;
  /** Closes what Kysely leaves open: a connection that was never used. */
  readonly close?: () => void | Promise<void>;
}

export function createDatabase(connections: Connections): Database {
  const { dialect, address, reader, writer } = connections;
  const insideTransaction = new AsyncLocalStorage<true>();
  const refuseInside = () => {
    // A nested transaction would wait for its own parent's connection forever.
    if (insideTransaction.getStore()) throw databaseErrors['nested-transaction']({ address });
  };
  return {
    dialect,
    address,
    query: <Tables>() => reader as Kysely<Tables>,
    refuseInside,
    direct(work) {
      refuseInside();
      return connections.direct(work);
    },
    transaction(work) {
      refuseInside();
      return insideTransaction.run(true, () => writer.transaction().execute((tx) => work(queryable(dialect, tx))));
    },
    snapshot: (work) => {
      const begin = reader.transaction();
      return (dialect === 'postgres' ? begin.setIsolationLevel('repeatable read') : begin).execute((tx) => work(queryable(dialect, tx)));
    },
    migrate: (sets) => migrate(writer, dialect, sets),
    async close() {
      await reader.destroy();
      if (writer !== reader) await writer.destroy();
      await connections.close?.();
    },
  };
}

function queryable(dialect: DialectName, tx: KyselyTransaction<unknown>): Queryable {
  return { dialect, query: <Tables>() => tx as Kysely<unknown> as Kysely<Tables> };
}
