import { type AnalyticsValue, quoteIdentifier, quoteLiteral } from '#kernel/analytics/index.ts';
import type { Json } from '#kernel/canonical-json.ts';
import type { DataDeps } from './deps.ts';
import { snapshotTable } from './materialize.ts';
import type { Snapshot } from './model.ts';
import { findProfile, keepProfile } from './snapshot-store.ts';
import type { Profile } from './table/model.ts';
import { profileTable } from './table/profile.ts';
import { columnClass, type SchemaColumn } from './table/schema.ts';
import type { WorkDirectory } from '#kernel/work-directory.ts';

export interface RowPage {
  readonly columns: readonly SchemaColumn[];
  /** Values in the order of the columns; long texts are cut, NaN and infinities are texts. */
  readonly rows: readonly (readonly Json[])[];
  readonly total: number;
}

const keptCharacters = 500;

/** Looking into the rows of a snapshot. */
export function createPreview({ kernel: { analytics, database, objects } }: DataDeps, work: WorkDirectory) {
  return {
    /** Rows from `offset` on, in the order they were loaded. */
    rows(snapshot: Snapshot, { offset, limit }: { offset: number; limit: number }): Promise<RowPage> {
      return work.within(async (directory) => {
        const { relation, schema } = await snapshotTable(objects, snapshot, directory);
        // Names of our own, so that odd column names cannot meet.
        const list = schema.map((column, index) => `${shownValue(column)} AS c${index}`).join(', ');
        const found = await analytics.query(`SELECT ${list} FROM ${relation} LIMIT ${quoteLiteral(limit)} OFFSET ${quoteLiteral(offset)}`);
        return {
          columns: schema,
          rows: found.map((row) => schema.map((_, index) => jsonValue(row[`c${index}`] ?? null))),
          total: snapshot.rows,
        };
      });
    },

    /**
     * Figures of the rows that the load added (kept since then), or of all rows of the snapshot (computed at the first call, then kept).
     */
    async profile(snapshot: Snapshot, scope: 'load' | 'all'): Promise<Profile> {
      const whole = scope === 'all' && snapshot.files.length > 1;
      const kept = whole ? await findProfile(database, snapshot) : snapshot.profile;
      // What profileTable gave and we stored.
      if (kept !== undefined) return JSON.parse((await objects.read(kept)).toString('utf8')) as Profile;
      const profile = await work.within(async (directory) => profileTable(analytics, await snapshotTable(objects, snapshot, directory)));
      const { digest } = await objects.put(JSON.stringify(profile));
      // Derived from what the event of the publication names, so it is no change of its own.
      await database.transaction((tx) => keepProfile(tx, snapshot, digest));
      return profile;
    },
  };
}

function shownValue({ name, type }: SchemaColumn): string {
  const column = quoteIdentifier(name);
  if (type === 'VARCHAR') return `left(${column}, ${keptCharacters})`;
  return columnClass(type) === 'other' ? `left(CAST(${column} AS VARCHAR), ${keptCharacters})` : column;
}

function jsonValue(value: AnalyticsValue): Json {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
