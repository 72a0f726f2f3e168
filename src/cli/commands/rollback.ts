import { setTimeout as pause } from 'node:timers/promises';
import type { DeploymentWire, RollbackWire } from '#serving/index.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import { print } from '../output.ts';
import { createProgress } from '../progress.ts';
import { inProject } from '../project.ts';
import { url } from '../url.ts';

const pollMs = 100;
const patienceMs = 60_000;

export const buildRollback: Build = (command, context) => {
  describeInProject(command.argument('<deployment>'), 'ripen rollback flight-delay --reason "calibration is off"')
    .option('--environment <environment>', 'staging or production', 'production')
    .option('--reason <text>', 'why', 'rolled back from the command line')
    .action(async (deployment: string, options: Given & { environment: string; reason: string }) => {
      const { client, base } = await inProject(context, options);
      const { environment, reason } = options;
      const path = base + url`/deployments/${deployment}`;
      const progress = createProgress(options.json === true ? context.err : context.out);
      const rollback = await progress.task(`Roll back ${deployment} in ${environment}`, async () => {
        const started = await client.post<RollbackWire>(`${path}/rollback`, { environment, reason });
        const until = Date.now() + patienceMs;
        while (Date.now() < until) {
          const place = (await client.get<DeploymentWire>(path)).environments.find((each) => each.environment === environment);
          const target = place?.revisions.find(({ id }) => id === started.toRevision);
          if (target?.state === 'serving' && target.weight === 100) break;
          await pause(pollMs);
        }
        return started;
      });
      print(context, options, rollback, () => `All traffic of ${deployment} goes to revision ${rollback.toRevision} again.`);
    });
};
