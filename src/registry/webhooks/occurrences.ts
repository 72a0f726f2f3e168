import type { Queryable } from '#kernel/database/index.ts';
import type { EventDraft } from '#kernel/events/index.ts';
import { locationOf } from '../location.ts';
import { findModel, type ModelRow } from '../store.ts';
import { findVersion } from '../version-store.ts';
import type { Payload, WebhookEvent } from './model.ts';
import { hasFiles, readTags } from './payload-store.ts';

/** Something that webhooks are told of, and what they are told. */
export interface Occurrence {
  readonly event: WebhookEvent;
  readonly data: Payload;
}

interface Said {
  readonly model: ModelRow;
  readonly version: number;
  readonly data: EventDraft['data'];
}

type Tell = (from: Queryable, said: Said) => Promise<Occurrence[]>;

/** Tags by which MLflow's clients keep what is no tag to the people who use them. */
const promptText = 'mlflow.prompt.text';
const promptMarks = ['mlflow.prompt.is_prompt', '_mlflow_prompt_type'];

/** Events of the registry to what MLflow tells of them. Tags of registered models have no webhook in MLflow. */
const tellers: Readonly<Record<string, Tell>> = {
  'model.created': async (from, said) => [{ event: { entity: 'registered_model', action: 'created' }, data: await modelData(from, said) }],
  'model.version.registered': async (from, said) => [
    { event: { entity: 'model_version', action: 'created' }, data: await versionData(from, said) },
  ],
  'model.version.updated': (from, said) => tagOccurrences(from, said, 'model_version_tag'),
  'model.version.alias-set': async (_, said) => aliasOccurrence(said, { entity: 'model_version_alias', action: 'created' }),
  'model.version.alias-removed': async (_, said) => aliasOccurrence(said, { entity: 'model_version_alias', action: 'deleted' }),
  'prompt.created': async (from, said) => [{ event: { entity: 'prompt', action: 'created' }, data: await modelData(from, said) }],
  'prompt.updated': (from, said) => tagOccurrences(from, { ...said, version: 0 }, 'prompt_tag'),
  'prompt.version.registered': async (from, said) => [
    { event: { entity: 'prompt_version', action: 'created' }, data: await promptVersionData(from, said) },
  ],
  'prompt.version.updated': (from, said) => tagOccurrences(from, said, 'prompt_version_tag'),
  'prompt.version.alias-set': async (_, said) => aliasOccurrence(said, { entity: 'prompt_alias', action: 'created' }),
  'prompt.version.alias-removed': async (_, said) => aliasOccurrence(said, { entity: 'prompt_alias', action: 'deleted' }),
};

export function isTold(said: EventDraft): boolean {
  return Object.hasOwn(tellers, said.type);
}

/** What a change of the registry is to webhooks, read within that change. */
export async function occurrencesOf(from: Queryable, project: string, said: readonly EventDraft[]): Promise<Occurrence[]> {
  const found: Occurrence[] = [];
  for (const { type, data } of said) {
    const name = data['model'] ?? data['prompt'];
    const tell = tellers[type];
    const model = tell === undefined || typeof name !== 'string' ? undefined : await findModel(from, project, name);
    if (tell === undefined || model === undefined) continue;
    const { version } = data;
    found.push(...(await tell(from, { model, version: typeof version === 'number' ? version : 0, data })));
  }
  return found;
}

async function modelData(from: Queryable, { model }: Said): Promise<Payload> {
  const tags = await readTags(from, { model: model.number, version: 0 });
  return { name: model.name, tags: without(tags, promptMarks), description: model.description };
}

async function versionData(from: Queryable, { model, version }: Said): Promise<Payload> {
  const of = { model: model.number, version };
  const row = await findVersion(from, model.number, version);
  return {
    name: model.name,
    version: String(version),
    source: row === undefined ? '' : (row.source ?? locationOf(row, await hasFiles(from, of))),
    run_id: row === undefined || row.run === '' ? null : row.run,
    tags: await readTags(from, of),
    description: row?.description || null,
  };
}

async function promptVersionData(from: Queryable, { model, version }: Said): Promise<Payload> {
  const row = await findVersion(from, model.number, version);
  const tags = await readTags(from, { model: model.number, version });
  return {
    name: model.name,
    version: String(version),
    template: tags[promptText] ?? null,
    tags: without(tags, [...promptMarks, promptText]),
    description: row?.description || null,
  };
}

async function tagOccurrences(
  from: Queryable,
  { model, version, data }: Said,
  entity: 'model_version_tag' | 'prompt_tag' | 'prompt_version_tag',
): Promise<Occurrence[]> {
  const of = { name: model.name, ...(version === 0 ? {} : { version: String(version) }) };
  const tags = await readTags(from, { model: model.number, version });
  return [
    ...texts(data['tagsSet']).map((key) => ({ event: { entity, action: 'set' }, data: { ...of, key, value: tags[key] ?? '' } })),
    ...texts(data['tagsRemoved']).map((key) => ({ event: { entity, action: 'deleted' }, data: { ...of, key } })),
  ];
}

function aliasOccurrence({ model, version, data }: Said, event: WebhookEvent): Occurrence[] {
  const { alias } = data;
  if (typeof alias !== 'string') return [];
  return [{ event, data: { name: model.name, alias, ...(event.action === 'created' ? { version: String(version) } : {}) } }];
}

function texts(value: EventDraft['data'][string]): string[] {
  return Array.isArray(value) ? (value as readonly unknown[]).filter((item) => typeof item === 'string') : [];
}

function without(tags: Readonly<Record<string, string>>, names: readonly string[]): Payload {
  return Object.fromEntries(Object.entries(tags).filter(([name]) => !names.includes(name)));
}
