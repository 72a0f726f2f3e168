export { buildWeb } from './build-web.ts';
export { type BackupWire, type Manifest, recordBackup, restoreBackup, writeBackup } from './backup/index.ts';
export { examine, type Finding } from './doctor/index.ts';
export { type App, type Composition, type RunningServer, serve } from './serve.ts';
export { installation, version } from './version.ts';
