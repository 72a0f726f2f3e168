import { asRipenError, type ErrorKind } from '#kernel/errors.ts';
import { type RipenEvent, subscribe, systemActor } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { Pipelines } from './collaborators.ts';
import type { ProjectDeployments } from './project-deployments.ts';
import type { Releases } from './releases.ts';

export interface ContinuousDeliveryDeps {
  readonly kernel: Pick<Kernel, 'events' | 'log'>;
  readonly pipelines: Pipelines;
  readonly deployments: ProjectDeployments;
  readonly releases: Releases;
}

/** Runs that nobody started by hand. */
const automaticTriggers: ReadonlySet<string> = new Set(['alert', 'schedule', 'new-data']);
/** Reasons that trying again does not change; the others hold the subscription back until they pass. */
const lasting: ReadonlySet<ErrorKind> = new Set(['input', 'not-found', 'conflict', 'not-allowed']);

/** Releases what a triggered pipeline run has trained, for each deployment that says `release: automatic`. Returns the way to stop. */
export function startContinuousDelivery({ kernel, pipelines, deployments, releases }: ContinuousDeliveryDeps): () => Promise<void> {
  async function handle(event: RipenEvent): Promise<void> {
    const { project, data } = event;
    const id = data['pipelineRun'];
    if (project === undefined || typeof id !== 'string' || data['outcome'] !== 'succeeded') return;
    const run = await pipelines.pipelineRun(project, id);
    const { registered } = run;
    if (registered === undefined || !automaticTriggers.has(run.trigger.kind)) return;
    for (const deployment of await deployments.list(project)) {
      if (deployment.model !== registered.model || deployment.delivery.release !== 'automatic') continue;
      await releases.release(
        { actor: systemActor, project },
        {
          project,
          deployment: deployment.name,
          version: registered.version,
          reason: `Trained by pipeline run ${id}, which was started by ${cause[run.trigger.kind] ?? run.trigger.kind}.`,
          cause: 'retrain',
          origin: `pipeline-run/${id}/${deployment.name}`,
        },
      );
    }
  }

  return subscribe(
    kernel.events,
    {
      name: 'delivery.continuous',
      types: ['pipeline.run.finished'],
      from: 'now',
      async handle(event) {
        try {
          await handle(event);
        } catch (error) {
          if (!lasting.has(asRipenError(error).kind)) throw error;
          kernel.log.warn({ err: error, event: event.number }, 'a trained version is not released by itself');
        }
      },
    },
    {
      onError: (error, event) =>
        kernel.log.error({ err: error, event: event?.number }, 'releasing a trained version failed; it is tried again'),
    },
  );
}

const cause: Readonly<Record<string, string>> = { alert: 'an alert', schedule: 'its schedule', 'new-data': 'new data' };
