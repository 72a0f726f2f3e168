import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EventLog } from '../events/index.ts';
import type { HttpLog } from '../http/index.ts';

export interface Metrics {
  /** For modules that count something of their own. Names begin with `ripen_`. */
  readonly registry: Registry;
  readonly observeRequest: HttpLog['request'];
  /** The text of `/metrics`, in the Prometheus exposition format. */
  render(): Promise<string>;
}

export function createMetrics({ events, version }: { events: EventLog; version: string }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const requests = new Histogram({
    name: 'ripen_http_request_duration_seconds',
    help: 'Time to answer API requests, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers,
  });
  const appended = new Counter({ name: 'ripen_event_commits_total', help: 'Commits that appended to the event log', registers });
  events.onAppend(() => appended.inc());
  new Gauge({ name: 'ripen_build_info', help: 'Version of Ripen; the value is always 1', labelNames: ['version'], registers }).set(
    { version },
    1,
  );
  const size = new Gauge({
    name: 'ripen_events',
    help: 'Events in the log',
    registers,
    async collect() {
      size.set((await events.head()).size);
    },
  });
  return {
    registry,
    observeRequest: ({ method, path, status, durationMs }) =>
      requests.observe({ method, route: path, status: String(status) }, durationMs / 1000),
    render: () => registry.metrics(),
  };
}
