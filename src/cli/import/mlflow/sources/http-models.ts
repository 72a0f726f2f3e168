import type { SourceModel, SourceVersion } from '../source.ts';
import { labelsOf } from '../words.ts';
import { pages } from './pages.ts';
import type { LabelMessage } from './http-messages.ts';
import type { MlflowClient } from './mlflow-client.ts';

interface ModelMessage {
  readonly name: string;
  readonly description?: string;
  readonly creation_timestamp?: string | number;
  readonly last_updated_timestamp?: string | number;
  readonly tags?: readonly LabelMessage[];
  readonly aliases?: readonly { readonly alias: string; readonly version: string | number }[];
}

interface VersionMessage {
  readonly version: string | number;
  readonly source?: string;
  readonly run_id?: string;
  readonly run_link?: string;
  readonly model_id?: string;
  readonly description?: string;
  readonly current_stage?: string;
  readonly creation_timestamp?: string | number;
  readonly last_updated_timestamp?: string | number;
  readonly tags?: readonly LabelMessage[];
}

/** Servers show prompts only when they are asked for. */
const onlyPrompts = "tags.`mlflow.prompt.is_prompt` = 'true'";

/** Registered models and prompts. */
export async function* readModels(client: MlflowClient): AsyncGenerator<SourceModel> {
  const seen = new Set<string>();
  for (const filter of [undefined, onlyPrompts]) {
    const ask = (token: string | undefined) =>
      client.get<{ registered_models?: ModelMessage[]; next_page_token?: string }>('api/2.0/mlflow/registered-models/search', {
        max_results: 100,
        filter,
        page_token: token,
      });
    for await (const page of pages(ask)) {
      for (const model of page.registered_models ?? []) {
        if (seen.has(model.name)) continue;
        seen.add(model.name);
        yield modelOf(model, await versionsOf(client, model.name, filter));
      }
    }
  }
}

function modelOf(model: ModelMessage, versions: readonly SourceVersion[]): SourceModel {
  const createdAt = Number(model.creation_timestamp ?? 0);
  return {
    name: model.name,
    description: model.description ?? '',
    createdAt,
    updatedAt: Number(model.last_updated_timestamp ?? createdAt),
    tags: labelsOf(model.tags),
    aliases: Object.fromEntries((model.aliases ?? []).map(({ alias, version }) => [alias, Number(version)])),
    versions,
  };
}

async function versionsOf(client: MlflowClient, name: string, only: string | undefined): Promise<SourceVersion[]> {
  const quote = name.includes("'") ? '"' : "'";
  const ask = (token: string | undefined) =>
    client.get<{ model_versions?: VersionMessage[]; next_page_token?: string }>('api/2.0/mlflow/model-versions/search', {
      filter: `name=${quote}${name}${quote}${only === undefined ? '' : ` AND ${only}`}`,
      max_results: 1000,
      page_token: token,
    });
  const versions: SourceVersion[] = [];
  for await (const page of pages(ask)) versions.push(...(page.model_versions ?? []).map(versionOf));
  return versions.sort((a, b) => a.version - b.version);
}

function versionOf(version: VersionMessage): SourceVersion {
  const filled = (text: string | undefined) => (text === '' ? undefined : text);
  const createdAt = Number(version.creation_timestamp ?? 0);
  return {
    version: Number(version.version),
    source: version.source ?? '',
    run: filled(version.run_id),
    loggedModel: filled(version.model_id) ?? /^models:\/(m-[^/@]+)$/.exec(version.source ?? '')?.[1],
    link: filled(version.run_link),
    description: version.description ?? '',
    stage: filled(version.current_stage) ?? 'None',
    createdAt,
    updatedAt: Number(version.last_updated_timestamp ?? createdAt),
    tags: labelsOf(version.tags),
  };
}
