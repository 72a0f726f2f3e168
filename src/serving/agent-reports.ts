import { systemActor } from '#kernel/events/index.ts';
import { readAccount, writeReport } from './account-store.ts';
import type { AgentReport } from './agent-wire.ts';
import { findDeployment, findRevision } from './deployment-store.ts';
import type { Environment } from './model.ts';
import { finishRollbacks } from './rollback.ts';
import type { RolloutDriver } from './rollout-driver.ts';
import { source, subjectOf, type Workshop } from './service.ts';
import { prunePoints, recordTraffic } from './traffic-store.ts';

const keepPointsMs = 14 * 24 * 3_600_000;
const pruneEveryMs = 3_600_000;

/** Takes what an agent says, and lets rollouts and rollbacks go on by it. */
export function createAgentReports(workshop: Workshop, driver: RolloutDriver) {
  let prunedAt = workshop.clock.now();
  return async (account: Environment, report: AgentReport): Promise<void> => {
    const time = workshop.clock.now();
    await workshop.events.database.transaction(async (tx) => {
      await writeReport(tx, account, { report, time });
      for (const entry of report.traffic) await recordTraffic(tx, entry, time);
      if (time - prunedAt > pruneEveryMs) {
        prunedAt = time;
        await prunePoints(tx, time - keepPointsMs);
      }
    });
    if (report.failures.length > 0) await tellFailures(workshop, account, report.failures);
    const { appliedVersion } = await readAccount(workshop.events.database, account);
    await finishRollbacks(workshop, account, appliedVersion);
    await driver.tick();
    workshop.reported.notify();
  };
}

async function tellFailures({ events }: Workshop, environment: Environment, failures: AgentReport['failures']): Promise<void> {
  for (const { revision: id, replica, reason } of failures) {
    const revision = await findRevision(events.database, id);
    const deployment = revision && (await findDeployment(events.database, revision));
    if (revision === undefined || deployment === undefined) continue;
    const { name, project } = deployment;
    await events.change({ actor: systemActor, project }, async (change) => {
      const data = { deployment: name, environment, revision: id, replica, reason };
      change.emit({ type: 'replica.failed', source, subject: subjectOf(deployment), data });
    });
  }
}
