import type { Database } from './database.ts';
import { databaseErrors } from './errors.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite, type SqliteDurability } from './sqlite.ts';

/** Opens the database at `url`: `sqlite:<path>` or `postgres://…`. */
export async function openDatabase(url: string, options: { readonly durability?: SqliteDurability } = {}): Promise<Database> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length), options.durability);
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url);
  throw databaseErrors['unknown-url']({ url });
}
