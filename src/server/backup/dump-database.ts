import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { backupSqlite, type Database, dumpTables, openDatabase } from '#kernel/database/index.ts';
import { rootAt } from '#kernel/events/index.ts';
import { openHashedFile } from './file-digest.ts';
import { type BackupFile, type Manifest, type ReportProgress, tablePath } from './manifest.ts';

type Dump = Pick<Manifest, 'tables' | 'migrations' | 'events'> & { readonly files: readonly BackupFile[] };

/** Writes every table as of one moment to `tables/<table>.ndjson`, a row a line. */
export async function dumpDatabase(database: Database, folder: string, report: ReportProgress): Promise<Dump> {
  return withStillDatabase(database, folder, async (still) => {
    const tables = new Map<string, { rows: number; file: Awaited<ReturnType<typeof openHashedFile>> }>();
    const migrations: { module: string; name: string }[] = [];
    let size = 0;
    let done = 0;
    await mkdir(join(folder, 'tables'), { recursive: true });
    await dumpTables(still, async ({ table, rows }) => {
      const known = tables.get(table) ?? { rows: 0, file: await openHashedFile(join(folder, tablePath(table))) };
      tables.set(table, { ...known, rows: known.rows + rows.length });
      await known.file.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
      if (table === 'migrations') migrations.push(...rows.map((row) => ({ module: String(row['module']), name: String(row['name']) })));
      if (table === 'event_head') size = Number(rows[0]?.['size'] ?? 0);
      done += rows.length;
      report({ stage: 'tables', done });
    });
    const files: BackupFile[] = [];
    for (const [table, { file }] of tables) files.push({ path: tablePath(table), mode: 0o600, ...(await file.close()) });
    return {
      files,
      migrations,
      events: { size, root: await rootAt(still, size) },
      tables: [...tables].map(([table, { rows }]) => ({ table, rows })),
    };
  });
}

/** On SQLite a copy of the file: reading the live one for minutes would hold up every other reader. */
async function withStillDatabase<Result>(database: Database, folder: string, work: (still: Database) => Promise<Result>): Promise<Result> {
  if (database.dialect === 'postgres') return work(database);
  const copy = join(folder, 'copy', 'ripen.db');
  await mkdir(dirname(copy), { recursive: true });
  await backupSqlite(database.address.slice('sqlite:'.length), copy);
  const still = await openDatabase(`sqlite:${copy}`);
  try {
    return await work(still);
  } finally {
    await still.close();
    await rm(dirname(copy), { recursive: true });
  }
}
