import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { importErrors } from './errors.ts';
import type { Source } from './source.ts';

export interface SourceOptions {
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** More folders in which files of runs may lie. */
  readonly artifacts: readonly string[];
  readonly signal: AbortSignal;
}

/** Opens what is named: the address of a server, the file of a SQLite database, or the folder of a file store. @throws `cli.import-source-unknown` */
export async function openSource(named: string, options: SourceOptions): Promise<Source> {
  if (/^https?:/i.test(named)) return (await import('./sources/http.ts')).openHttpSource(named, options);
  const path = resolve(options.directory, named.replace(/^(sqlite:\/\/\/|file:\/\/(?=\/))/i, ''));
  const roots = options.artifacts.map((folder) => resolve(options.directory, folder));
  const about = statSync(path, { throwIfNoEntry: false });
  if (about === undefined) throw importErrors['import-source-unknown']({ source: named, problem: 'there is no such file or folder' });
  if (about.isFile()) return (await import('./sources/sqlite.ts')).openSqliteSource(path, roots);
  return (await import('./sources/file-store.ts')).openFileStore(path, roots);
}
