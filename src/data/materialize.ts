import { copyFile, link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectStore } from '#kernel/objects/index.ts';
import type { Snapshot, SnapshotFile } from './model.ts';
import { parquetRelation } from './table/relation.ts';
import type { Table } from './table/schema.ts';

/**
 * Puts the Parquet files of a snapshot into a directory, in the order of their rows: hard links to the read-only blobs where the file system
 * allows it, copies elsewhere. Gives their paths.
 */
export async function materializeFiles(
  objects: ObjectStore,
  files: readonly SnapshotFile[],
  directory: string,
): Promise<readonly string[]> {
  await mkdir(directory, { recursive: true });
  const paths: string[] = [];
  for (const [index, file] of files.entries()) {
    const path = join(directory, `part-${String(index + 1).padStart(5, '0')}.parquet`);
    const blob = await objects.path(file.digest);
    try {
      await link(blob, path);
    } catch (error) {
      // Another file system, or one without hard links.
      if (!(error instanceof Error && 'code' in error && ['EXDEV', 'EPERM', 'ENOTSUP', 'EMLINK'].includes(String(error.code)))) throw error;
      await copyFile(blob, path);
    }
    paths.push(path);
  }
  return paths;
}

/** The rows of a snapshot as something to select from, for as long as `directory` is there. */
export async function snapshotTable(objects: ObjectStore, snapshot: Snapshot, directory: string): Promise<Table> {
  return { relation: parquetRelation(await materializeFiles(objects, snapshot.files, directory)), schema: snapshot.schema };
}
