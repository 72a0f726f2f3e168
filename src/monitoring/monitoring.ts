import { z } from 'zod';
import type { Endpoint } from '#kernel/http/index.ts';
import { defineNotifyJob } from './channels/tell-channels.ts';
import { defineCompaction } from './compaction/compact.ts';
import type { MonitoringDeps } from './deps.ts';
import { monitoringEndpoints } from './endpoints.ts';
import { followDeployments } from './monitors/follow-deployments.ts';
import { createMonitoringService, type MonitoringService } from './service.ts';
import { evaluateJob, settleJob } from './windows/jobs.ts';
import { createWorkDirectory } from '#kernel/work-directory.ts';

export interface Monitoring extends MonitoringService {
  readonly endpoints: readonly Endpoint[];
  start(): Promise<void>;
  stop(): Promise<void>;
}

const watchedPayload = z.object({ project: z.string(), deployment: z.string() });

export function createMonitoring(deps: MonitoringDeps): Monitoring {
  const rooms = { ...deps, work: createWorkDirectory(deps.kernel.home, 'monitoring-work') };
  const service = createMonitoringService(rooms);
  for (const kind of [evaluateJob, settleJob]) {
    deps.kernel.jobs.define(kind, {
      // Scans share one DuckDB; more at once would only wait there.
      concurrency: 2,
      leaseMs: 120_000,
      backoffMs: 500,
      handle: ({ payload }, signal) => service.evaluate(watchedPayload.parse(payload), signal),
    });
  }
  defineNotifyJob(deps.kernel);
  defineCompaction(rooms);
  let stopFollowing: () => Promise<void> = async () => {};
  return {
    ...service,
    endpoints: monitoringEndpoints(service),
    async start() {
      await rooms.work.clear();
      stopFollowing = followDeployments(rooms);
    },
    stop: () => stopFollowing(),
  };
}
