export { type Backups, createBackups } from './backups.ts';
export { type BackupWire, backupEndpoints } from './endpoints.ts';
export type { Manifest } from './manifest.ts';
export { refuseUnfinishedRestore, restoreBackup } from './restore-backup.ts';
export { recordBackup, writeBackup } from './write-backup.ts';
