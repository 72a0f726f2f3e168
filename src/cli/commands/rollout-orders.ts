import type { Command } from 'commander';
import type { DeploymentWire, RolloutWire } from '#serving/index.ts';
import { describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { print } from '../output.ts';
import { inProject } from '../project.ts';
import { url } from '../url.ts';

type Options = Given & { environment: string; reason?: string };

const orders = {
  pause: { does: 'Hold the rollout that is under way at its present weight', done: 'is held' },
  resume: { does: 'Let a held rollout go on', done: 'goes on' },
  abort: { does: 'End the rollout that is under way and give the traffic back', done: 'is ended; the traffic goes back' },
} as const;

/** `ripen deploy pause|resume|abort <deployment>`. */
export function buildRolloutOrders(command: Command, context: CliContext): void {
  for (const [order, { does, done }] of Object.entries(orders)) {
    describeInProject(command.command(`${order} <deployment>`).description(does), `ripen deploy ${order} flight-delay`)
      .option('--environment <name>', 'staging or production', 'production')
      .option('--reason <text>', 'why')
      .action(async (deployment: string, options: Options) => {
        const { client, base } = await inProject(context, options);
        const { environments } = await client.get<DeploymentWire>(base + url`/deployments/${deployment}`);
        const rollout = environments.find(({ environment }) => environment === options.environment)?.rollout;
        if (rollout === undefined) throw cliErrors['no-rollout']({ deployment, environment: options.environment });
        const body = options.reason === undefined ? {} : { reason: options.reason };
        const changed = await client.post<RolloutWire>(base + url`/rollouts/${rollout.id}/${order}`, body);
        print(context, options, changed, () => `The rollout of ${deployment} in ${options.environment} ${done}.`);
      });
  }
}
