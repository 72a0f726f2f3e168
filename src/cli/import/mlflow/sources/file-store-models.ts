import { join } from 'node:path';
import type { SourceModel, SourceVersion } from '../source.ts';
import { foldersIn, labelsIn, numberIn, optionalIn, readMeta, textIn } from './file-store-folders.ts';

/** Registered models and prompts. */
export async function* readModels(store: string): AsyncGenerator<SourceModel> {
  const folder = join(store, 'models');
  for (const entry of await foldersIn(folder)) {
    const at = join(folder, entry);
    const meta = await readMeta(join(at, 'meta.yaml'));
    if (meta === undefined) continue;
    const aliases = await labelsIn(join(at, 'aliases'));
    yield {
      name: textIn(meta, 'name'),
      description: textIn(meta, 'description'),
      createdAt: numberIn(meta, 'creation_timestamp') ?? 0,
      updatedAt: numberIn(meta, 'last_updated_timestamp') ?? 0,
      tags: await labelsIn(join(at, 'tags')),
      aliases: Object.fromEntries(Object.entries(aliases).map(([alias, version]) => [alias, Number(version)])),
      versions: await versionsOf(at),
    };
  }
}

async function versionsOf(model: string): Promise<SourceVersion[]> {
  const versions: SourceVersion[] = [];
  for (const entry of await foldersIn(model)) {
    const at = join(model, entry);
    const meta = /^version-\d+$/.test(entry) ? await readMeta(join(at, 'meta.yaml')) : undefined;
    if (meta === undefined || textIn(meta, 'current_stage') === 'Deleted_Internal') continue;
    versions.push({
      version: numberIn(meta, 'version') ?? 0,
      source: textIn(meta, 'source'),
      run: optionalIn(meta, 'run_id'),
      loggedModel: optionalIn(meta, 'model_id') ?? /^models:\/(m-[^/@]+)$/.exec(textIn(meta, 'source'))?.[1],
      link: optionalIn(meta, 'run_link'),
      description: textIn(meta, 'description'),
      stage: optionalIn(meta, 'current_stage') ?? 'None',
      createdAt: numberIn(meta, 'creation_timestamp') ?? 0,
      updatedAt: numberIn(meta, 'last_updated_timestamp') ?? 0,
      tags: await labelsIn(join(at, 'tags')),
    });
  }
  return versions.sort((a, b) => a.version - b.version);
}
