export { type ReadinessCheck, telemetryEndpoints } from './health.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { startTracing } from './tracing.ts';
