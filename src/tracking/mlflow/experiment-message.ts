import { artifactAddress } from '../artifacts/artifact-address.ts';
import type { Experiment } from '../model.ts';

export function experimentMessage(experiment: Experiment) {
  return {
    experiment_id: String(experiment.sequence),
    name: experiment.name,
    artifact_location: artifactAddress({ sequence: experiment.sequence, location: experiment.artifactLocation }),
    lifecycle_stage: experiment.deletedAt === undefined ? 'active' : 'deleted',
    last_update_time: experiment.updatedAt,
    creation_time: experiment.createdAt,
    tags: Object.entries(experiment.tags).map(([key, value]) => ({ key, value })),
  };
}
