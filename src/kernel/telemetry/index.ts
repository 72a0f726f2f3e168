export { telemetryEndpoints } from './health.ts';
export { createMetrics } from './metrics.ts';
export { startTracing } from './tracing.ts';
