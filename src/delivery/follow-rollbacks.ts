import { asRipenError } from '#kernel/errors.ts';
import { subscribe, systemActor } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { Registry } from './collaborators.ts';
import { environments } from './model.ts';
import { findReleaseOf } from './store.ts';

/** After a rollback the alias of the environment names the version that serves again. Returns the way to stop. */
export function followRollbacks({
  kernel,
  registry,
}: {
  readonly kernel: Pick<Kernel, 'events' | 'log'>;
  readonly registry: Registry;
}): () => Promise<void> {
  return subscribe(
    kernel.events,
    {
      name: 'delivery.rollbacks',
      types: ['service.rolled-back'],
      from: 'now',
      async handle({ project, data, number }) {
        const alias = environments.find((environment) => environment === data['environment']);
        const { deployment, toVersion } = data;
        const version = Number(toVersion);
        if (project === undefined || alias === undefined || typeof deployment !== 'string' || !Number.isInteger(version)) return;
        const release = await findReleaseOf(kernel.events.database, { project, deployment, version });
        if (release === undefined) return;
        try {
          await registry.setAlias({ actor: systemActor, project }, { project, model: release.model, version, alias });
        } catch (error) {
          // The version is gone or archived: no later try can name it.
          if (asRipenError(error).kind === 'unavailable') throw error;
          kernel.log.warn({ err: error, event: number }, 'the alias could not follow a rollback');
        }
      },
    },
    { onError: (error, event) => kernel.log.error({ err: error, event: event?.number }, 'following a rollback failed; it is tried again') },
  );
}
