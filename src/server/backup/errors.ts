import { defineErrors } from '#kernel/errors.ts';

export const backupErrors = defineErrors('backup', {
  'folder-not-empty': {
    kind: 'conflict',
    message: (a: { folder: string }) => `The folder ${a.folder} is not empty, and a backup does not write over other files.`,
    hint: () => 'Choose a new folder: `ripen backup ../ripen-backup`.',
  },
  'inside-home': {
    kind: 'input',
    message: (a: { folder: string; home: string }) =>
      `The folder ${a.folder} lies in the home ${a.home}; a backup there would be lost with it.`,
    hint: () => 'Choose a folder outside, best on another disk.',
  },
  'already-running': {
    kind: 'conflict',
    message: (a: { folder: string }) => `A backup to ${a.folder} is under way.`,
    hint: () => 'Wait until it has ended; one runs at a time.',
  },
  'server-stopped': {
    kind: 'unavailable',
    message: (a: { folder: string }) => `The server was stopped before the backup to ${a.folder} was finished.`,
    hint: () => 'Give the same command again; it begins the backup anew.',
  },
  'no-such-backup': {
    kind: 'not-found',
    message: (a: { backup: string }) => `There is no backup ${a.backup} since this server started.`,
    hint: () => 'GET /api/v1/backups lists them.',
  },
  'not-a-backup': {
    kind: 'input',
    message: (a: { folder: string; reason: string }) => `${a.folder} is no backup that can be restored: ${a.reason}.`,
    hint: () => 'Name the folder that `ripen backup` has made and finished.',
  },
  'files-differ': {
    kind: 'conflict',
    message: (a: { folder: string; files: readonly string[]; count: number }) =>
      `${a.count === 1 ? 'A file' : `${a.count} files`} of the backup ${a.folder} ${a.count === 1 ? 'is' : 'are'} not as written: ${a.files.join(', ')}${a.count > a.files.length ? ' and more' : ''}.`,
    hint: () => 'Nothing was restored. Use another backup, or fetch the named files again from where it was copied.',
  },
  'newer-version': {
    kind: 'conflict',
    message: (a: { folder: string; version: string; own: string }) =>
      `The backup ${a.folder} was made by Ripen ${a.version}, which is newer than this one (${a.own}).`,
    hint: (a: { folder: string; version: string; own: string }) => `Restore it with Ripen ${a.version} or newer.`,
  },
  'home-not-empty': {
    kind: 'conflict',
    message: (a: { home: string; found: string }) => `The home ${a.home} is not empty: it has ${a.found}.`,
    hint: () => 'Restore into a new home: `RIPEN_HOME=./restored ripen restore <folder>`.',
  },
  'database-not-empty': {
    kind: 'conflict',
    message: (a: { database: string }) => `The database ${a.database} holds rows already.`,
    hint: () => 'Name an empty one in RIPEN_DATABASE_URL.',
  },
  'other-restore-unfinished': {
    kind: 'conflict',
    message: (a: { home: string; folder: string }) => `In ${a.home} the restore of another backup, ${a.folder}, was not finished.`,
    hint: (a: { home: string; folder: string }) => `Run \`ripen restore ${a.folder}\` again, or remove the home.`,
  },
  'restore-unfinished': {
    kind: 'conflict',
    message: (a: { home: string; folder: string }) => `The restore of ${a.folder} into ${a.home} was not finished.`,
    hint: (a: { home: string; folder: string }) => `Run \`ripen restore ${a.folder}\` again; it goes on.`,
  },
  'log-differs': {
    kind: 'internal',
    message: (a: { size: number; root: string; expectedSize: number; expectedRoot: string }) =>
      `The restored event log (${a.size} events, root ${a.root}) is not the one of the backup (${a.expectedSize} events, root ${a.expectedRoot}).`,
    hint: () => 'The event log was changed before the backup was made; `ripen events verify` on the old home tells where.',
  },
  'disk-full': {
    kind: 'unavailable',
    message: (a: { folder: string }) => `The disk is full; the work in ${a.folder} is not finished.`,
    hint: () => 'Make room and give the same command again.',
  },
});

/** A full disk as what it is; everything else as it came. */
export function withDiskFull(error: unknown, folder: string): unknown {
  const full = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
  return full ? backupErrors['disk-full']({ folder }, error) : error;
}
