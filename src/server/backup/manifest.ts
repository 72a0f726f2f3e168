import { z } from 'zod';

/** A file of the backup, or a symbolic link of the home. `path` is relative to the backup, with forward slashes. */
const fileSchema = z.object({ path: z.string(), size: z.number().int(), digest: z.string(), mode: z.number().int() });
const linkSchema = z.object({ path: z.string(), target: z.string() });

/** What a backup holds. Written last, so a folder without it is a backup that was not finished. */
export const manifestSchema = z.object({
  format: z.literal(1),
  /** Of the Ripen that made it. */
  version: z.string(),
  createdAt: z.number(),
  /** The home it was made from. */
  home: z.string(),
  events: z.object({ size: z.number().int(), root: z.string() }),
  migrations: z.array(z.object({ module: z.string(), name: z.string() })),
  /** In the order in which they must be put back. */
  tables: z.array(z.object({ table: z.string(), rows: z.number().int() })),
  blobs: z.object({ count: z.number().int(), bytes: z.number() }),
  /** Digests of blobs that were damaged already and are not in the backup. */
  damagedBlobs: z.array(z.string()),
  files: z.array(fileSchema),
  links: z.array(linkSchema),
});

export type Manifest = z.output<typeof manifestSchema>;
export type BackupFile = z.output<typeof fileSchema>;
export type BackupLink = z.output<typeof linkSchema>;

export const manifestName = 'manifest.json';
/** Stands in a backup under way; tells it from a folder with somebody's files. */
export const unfinishedName = 'backup-unfinished';
/** Stands in a home while it is being restored. */
export const restoreMarkName = 'restore-unfinished.json';

export const tablePath = (table: string): string => `tables/${table}.ndjson`;

/** How far a backup or a restore has come. */
export interface BackupProgress {
  readonly stage: 'checking' | 'tables' | 'blobs' | 'files' | 'verifying';
  /** Rows, blobs or files. */
  readonly done: number;
  readonly total?: number;
}

export type ReportProgress = (progress: BackupProgress) => void;
