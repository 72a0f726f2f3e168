export { parseMonitorDeclaration } from './declaration/monitor-declaration.ts';
export { monitoringMigrations } from './migrations.ts';
export { createMonitoring } from './monitoring.ts';
export type { AlertWire, MonitorWire, ReceivedLabelsWire, SilenceWire, WindowDetailWire, WindowWire } from './wire.ts';
