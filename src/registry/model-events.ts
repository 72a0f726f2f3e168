import type { Change, EventDraft } from '#kernel/events/index.ts';
import { modelSubject, source, versionSubject } from './service.ts';
import type { ModelRow } from './store.ts';

type Data = EventDraft['data'];

/** Says what happened to a model or a prompt. */
export function tellOfModel(change: Change, model: ModelRow, what: ModelOccurrence, data: Data = {}): void {
  const type = (model.kind === 'prompt' ? promptTypes : modelTypes)[what].type;
  change.emit({ type, source, subject: modelSubject(model.project, model.name), data: { ...named(model), ...data } });
}

/** Says what happened to a version of a model or a prompt. */
export function tellOfVersion(change: Change, of: { model: ModelRow; version: number }, what: VersionOccurrence, data: Data = {}): void {
  const { model, version } = of;
  const type = (model.kind === 'prompt' ? promptVersionTypes : modelVersionTypes)[what].type;
  const subject = versionSubject(model.project, model.name, version);
  change.emit({ type, source, subject, data: { ...named(model), version, ...data } });
}

const named = ({ kind, name }: ModelRow) => (kind === 'prompt' ? { prompt: name } : { model: name });

type ModelOccurrence = keyof typeof modelTypes;
type VersionOccurrence = keyof typeof modelVersionTypes;

const modelTypes = {
  created: { type: 'model.created' },
  imported: { type: 'model.imported' },
  updated: { type: 'model.updated' },
  renamed: { type: 'model.renamed' },
  deleted: { type: 'model.deleted' },
  restored: { type: 'model.restored' },
  purged: { type: 'model.purged' },
} as const;

const modelVersionTypes = {
  registered: { type: 'model.version.registered' },
  imported: { type: 'model.version.imported' },
  updated: { type: 'model.version.updated' },
  archived: { type: 'model.version.archived' },
  restored: { type: 'model.version.restored' },
  deleted: { type: 'model.version.deleted' },
  purged: { type: 'model.version.purged' },
  staged: { type: 'model.version.stage-changed' },
  aliased: { type: 'model.version.alias-set' },
  unaliased: { type: 'model.version.alias-removed' },
  described: { type: 'model.card.updated' },
} as const;

const promptTypes = {
  created: { type: 'prompt.created' },
  imported: { type: 'prompt.imported' },
  updated: { type: 'prompt.updated' },
  renamed: { type: 'prompt.renamed' },
  deleted: { type: 'prompt.deleted' },
  restored: { type: 'prompt.restored' },
  purged: { type: 'prompt.purged' },
} as const satisfies Record<ModelOccurrence, object>;

const promptVersionTypes = {
  registered: { type: 'prompt.version.registered' },
  imported: { type: 'prompt.version.imported' },
  updated: { type: 'prompt.version.updated' },
  archived: { type: 'prompt.version.archived' },
  restored: { type: 'prompt.version.restored' },
  deleted: { type: 'prompt.version.deleted' },
  purged: { type: 'prompt.version.purged' },
  staged: { type: 'prompt.version.stage-changed' },
  aliased: { type: 'prompt.version.alias-set' },
  unaliased: { type: 'prompt.version.alias-removed' },
  described: { type: 'prompt.card.updated' },
} as const satisfies Record<VersionOccurrence, object>;
