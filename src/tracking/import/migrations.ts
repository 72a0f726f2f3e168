import type { Kysely } from 'kysely';
import { type DialectName, ordered } from '#kernel/database/index.ts';

/** What was brought over from elsewhere, so that it is not brought over again. */
export const importMarksMigration = {
  name: '004-import-marks',
  async up(schema: Kysely<unknown>, dialect: DialectName): Promise<void> {
    await schema.schema
      .createTable('import_marks')
      .addColumn('project', 'text', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('id', ordered(dialect), (column) => column.notNull())
      .addColumn('mark', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('import_marks_pk', ['project', 'source', 'kind', 'id'])
      .execute();
  },
};
