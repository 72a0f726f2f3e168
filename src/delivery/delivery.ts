import type { Data as DataModule } from '#data/index.ts';
import type { Identity } from '#identity/index.ts';
import { parseMonitorDeclaration } from '#monitoring/index.ts';
import type { Pipelines as PipelinesModule } from '#pipelines/index.ts';
import type { ModelVersion, Registry as RegistryModule } from '#registry/index.ts';
import { parseDeploymentSpec, type Serving as ServingModule } from '#serving/index.ts';
import { assembleDelivery, type AssemblyDeps, type Delivery } from './assemble-delivery.ts';
import type { RegisteredVersion } from './collaborators.ts';

export interface DeliveryDeps extends Pick<AssemblyDeps, 'kernel' | 'policy'> {
  readonly identity: Pick<Identity, 'projects'>;
  readonly data: Pick<DataModule, 'snapshots'>;
  readonly registry: Pick<RegistryModule, 'version' | 'setAlias'>;
  readonly pipelines: Pick<PipelinesModule, 'pipelineRun'>;
  readonly serving: Pick<ServingModule, 'ensureDeployment' | 'deploy' | 'progress' | 'serving' | 'abort' | 'predict'>;
}

/** Releases: model versions on their way through gates into staging and production. */
export function createDelivery({ kernel, policy, identity, data, registry, pipelines, serving }: DeliveryDeps): Delivery {
  return assembleDelivery({
    kernel,
    policy,
    pipelines,
    projects: identity.projects,
    registry: {
      version: async (project, model, version) => toRegistered(await registry.version(project, model, version)),
      setAlias: (context, alias) => registry.setAlias(context, alias),
    },
    data: { snapshot: (project, dataset, number) => data.snapshots.get(project, dataset, number) },
    serving,
    sections: [parseDeploymentSpec, parseMonitorDeclaration],
  });
}

function toRegistered({ model, version, digest, state, files, signature, snapshots }: ModelVersion): RegisteredVersion {
  const byName = Object.fromEntries(files.map((file) => [file.name, file.digest]));
  return { model, version, digest, archived: state === 'archived', files: byName, signature, snapshots };
}
