import type { Model, ModelVersion, VersionHeader } from '../model.ts';

/** Models and versions as the MLflow protocol tells them. */

export function modelMessage(model: Model, latest: readonly VersionHeader[]) {
  return {
    name: model.name,
    creation_timestamp: model.createdAt,
    last_updated_timestamp: model.updatedAt,
    description: model.description === '' ? undefined : model.description,
    latest_versions: latest.map(versionMessage),
    tags: tagMessages(model.tags),
    aliases: Object.entries(model.aliases).map(([alias, version]) => ({ alias, version: String(version) })),
  };
}

export function versionMessage(version: VersionHeader | ModelVersion) {
  return {
    name: version.model,
    version: String(version.version),
    creation_timestamp: version.registeredAt,
    last_updated_timestamp: version.updatedAt,
    user_id: version.trainer.name,
    current_stage: version.stage,
    description: version.description,
    source: version.source ?? sourceOf(version),
    run_id: version.run ?? '',
    status: 'READY',
    run_link: version.link ?? '',
    model_id: version.loggedModel,
    tags: tagMessages(version.tags),
    aliases: version.aliases,
  };
}

/** A version that was made from files has no source that a client knows. */
function sourceOf({ run }: VersionHeader): string {
  return run === undefined ? '' : `runs:/${run}`;
}

function tagMessages(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}
