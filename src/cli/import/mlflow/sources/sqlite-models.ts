import type { ForeignSqlite } from '#kernel/database/index.ts';
import type { SourceModel, SourceVersion } from '../source.ts';
import { numberOf, optional, type Row, textOf } from './sqlite-rows.ts';

/** Registered models and prompts. */
export async function* readModels(database: ForeignSqlite): AsyncGenerator<SourceModel> {
  if (database.columns('registered_models').length === 0) return;
  const models = [...database.rows('select * from registered_models order by creation_time, name')];
  for (const row of models) {
    const name = textOf(row['name']);
    const labels = (table: string) =>
      database.columns(table).length === 0 ? [] : [...database.rows(`select * from ${table} where name = ?`, name)];
    const versionTags = labels('model_version_tags');
    const versions = [...database.rows('select * from model_versions where name = ? order by version', name)];
    yield {
      name,
      description: textOf(row['description']),
      createdAt: numberOf(row['creation_time']) ?? 0,
      updatedAt: numberOf(row['last_updated_time']) ?? numberOf(row['creation_time']) ?? 0,
      tags: tagsOf(labels('registered_model_tags')),
      aliases: Object.fromEntries(
        labels('registered_model_aliases').map((each) => [textOf(each['alias']), numberOf(each['version']) ?? 0]),
      ),
      // MLflow keeps what was deleted under this stage.
      versions: versions.filter((each) => each['current_stage'] !== 'Deleted_Internal').map((each) => versionOf(each, versionTags)),
    };
  }
}

function versionOf(row: Row, tags: readonly Row[]): SourceVersion {
  const version = numberOf(row['version']) ?? 0;
  const source = textOf(row['source']);
  return {
    version,
    source,
    run: optional(row['run_id']),
    loggedModel: /^models:\/(m-[^/@]+)$/.exec(source)?.[1],
    link: optional(row['run_link']),
    description: textOf(row['description']),
    stage: optional(row['current_stage']) ?? 'None',
    createdAt: numberOf(row['creation_time']) ?? 0,
    updatedAt: numberOf(row['last_updated_time']) ?? numberOf(row['creation_time']) ?? 0,
    tags: tagsOf(tags.filter((tag) => tag['version'] === version)),
  };
}

function tagsOf(rows: readonly Row[]): Record<string, string> {
  return Object.fromEntries(rows.map((row) => [textOf(row['key']), textOf(row['value'])]));
}
