import { type CreateTableBuilder, sql } from 'kysely';
import type { DialectName } from './database.ts';

/** What migrations must say differently to the two databases. */

/** The type of a column that the database counts up. */
export const counter = (dialect: DialectName) => (dialect === 'sqlite' ? sql`integer` : sql`bigserial`);

/** The type of text that both databases order by its UTF-8 bytes. */
export const ordered = (dialect: DialectName) => (dialect === 'sqlite' ? sql`text` : sql`text collate "C"`);

/** The type of a column of bytes. */
export const bytes = (dialect: DialectName) => (dialect === 'sqlite' ? 'blob' : 'bytea');

/** Rows lie in the order of the primary key: on SQLite one tree in place of a table and an index. */
export function clustered<Table extends string>(table: CreateTableBuilder<Table>, dialect: DialectName): CreateTableBuilder<Table> {
  return dialect === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table;
}
