import type { Database } from './database.ts';
import type { Durability } from './durability.ts';
import { databaseErrors } from './errors.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/** Opens the database at `url`: `sqlite:<path>` or `postgres://…`. */
export async function openDatabase(url: string, options: { readonly durability?: Durability } = {}): Promise<Database> {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length), options.durability);
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url, options);
  throw databaseErrors['unknown-url']({ url });
}
