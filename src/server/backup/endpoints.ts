import { z } from 'zod';
import { type Endpoint, endpoint } from '#kernel/http/index.ts';
import type { Backup, Backups } from './backups.ts';

const backupSchema = z.object({
  id: z.string(),
  folder: z.string(),
  state: z.enum(['running', 'finished', 'failed']),
  startedAt: z.number(),
  progress: z.object({ stage: z.string(), done: z.number(), total: z.number().optional() }).optional(),
  /** Of a finished one: how many events it holds, and the root over them. */
  events: z.object({ size: z.number(), root: z.string() }).optional(),
  files: z.number().optional(),
  bytes: z.number().optional(),
  /** Blobs that were damaged before, and are not in the backup. */
  damagedBlobs: z.array(z.string()).optional(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
});
export type BackupWire = z.output<typeof backupSchema>;

export function backupEndpoints(backups: Backups): readonly Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/api/v1/backups',
      id: 'server.start-backup',
      action: 'server:write',
      summary: 'Begins a backup into a new folder on the server’s machine',
      status: 202,
      body: z.object({ folder: z.string().min(1).max(4000).startsWith('/', 'must be an absolute path') }),
      result: backupSchema,
      handle: ({ body, caller }) => backupToWire(backups.start({ actor: caller.actor }, body.folder)),
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/backups',
      id: 'server.list-backups',
      action: 'server:read',
      summary: 'Backups that were begun since the server started, the newest first',
      result: z.object({ items: z.array(backupSchema) }),
      handle: () => ({ items: backups.list().map(backupToWire) }),
    }),
    endpoint({
      method: 'get',
      path: '/api/v1/backups/{backup}',
      id: 'server.get-backup',
      action: 'server:read',
      summary: 'One backup: how far it is, or what it holds',
      params: z.object({ backup: z.string() }),
      result: backupSchema,
      handle: ({ params }) => backupToWire(backups.find(params.backup)),
    }),
  ];
}

function backupToWire({ id, folder, state, startedAt, progress, manifest, error }: Backup): BackupWire {
  return {
    id,
    folder,
    state,
    startedAt,
    ...(progress === undefined ? {} : { progress }),
    ...(manifest === undefined
      ? {}
      : {
          events: manifest.events,
          files: manifest.files.length,
          bytes: manifest.files.reduce((sum, file) => sum + file.size, 0),
          damagedBlobs: manifest.damagedBlobs,
        }),
    ...(error === undefined
      ? {}
      : { error: { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) } }),
  };
}
