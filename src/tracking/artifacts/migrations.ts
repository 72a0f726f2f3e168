import { type Kysely, sql } from 'kysely';
import type { DialectName } from '#kernel/database/index.ts';

/** Files that no run holds. */
export const projectFilesMigration = {
  name: '002-project-files',
  async up(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
    const table = schema.schema
      .createTable('project_files')
      .addColumn('project', 'text', (column) => column.notNull())
      .addColumn('holder', 'text', (column) => column.notNull())
      .addColumn('name', dialect === 'sqlite' ? sql`text` : sql`text collate "C"`, (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('media_type', 'text', (column) => column.notNull())
      .addColumn('stored_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('project_files_pk', ['project', 'holder', 'name']);
    await (dialect === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table).execute();
  },
};
