export type { Deployments, ModelVersions, Projects } from './collaborators.ts';
export { type MonitorDeclaration, parseMonitorDeclaration } from './declaration/monitor-declaration.ts';
export type { MonitoringDeps } from './deps.ts';
export { monitoringErrors } from './errors.ts';
export type { Label, ReceivedLabels } from './labels/receive-labels.ts';
export { monitoringMigrations } from './migrations.ts';
export { createMonitoring, type Monitoring } from './monitoring.ts';
export type {
  AlertRuleWire,
  AlertWire,
  ColumnWire,
  HistogramWire,
  MonitorWire,
  PredictionWire,
  ReceivedLabelsWire,
  ReceivedSegmentWire,
  SilenceWire,
  WindowDetailWire,
  WindowWire,
} from './wire.ts';
