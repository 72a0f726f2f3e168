import type { Kysely } from 'kysely';
import { clustered, type DialectName, ordered } from '#kernel/database/index.ts';

/** Files that no run holds. */
export const projectFilesMigration = {
  name: '002-project-files',
  async up(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
    await clustered(schema.schema.createTable('project_files'), dialect)
      .addColumn('project', 'text', (column) => column.notNull())
      .addColumn('holder', 'text', (column) => column.notNull())
      .addColumn('name', ordered(dialect), (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('media_type', 'text', (column) => column.notNull())
      .addColumn('stored_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('project_files_pk', ['project', 'holder', 'name'])
      .execute();
  },
};
