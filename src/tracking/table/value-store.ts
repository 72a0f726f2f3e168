import { type RawBuilder, sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import { attributeColumns, type CompileContext } from '../search/condition-store.ts';
import { sortKey } from '../store.ts';
import type { GroupField } from './group-store.ts';

/** Different values of a field that begin with `prefix` (any case), in order. */
export async function selectValues(
  from: Queryable,
  {
    project,
    field,
    context,
    prefix,
    limit,
  }: { project: string; field: GroupField; context: CompileContext; prefix: string; limit: number },
): Promise<string[]> {
  const like = from.dialect === 'postgres' ? sql`ilike` : sql`like`;
  const pattern = `${sortKey(prefix).replaceAll(/[\\%_]/g, '\\$&')}%`;
  const { value, base, where } = sourceOf(field, context);
  const { rows } = await sql<{ value: string }>`select distinct ${value} as value from ${base}
    where ${where(project)} and ${value} is not null and ${value} ${like} ${pattern} escape '\\' order by value limit ${limit}`.execute(
    from.query(),
  );
  return rows.map((row) => row.value);
}

interface Source {
  readonly value: RawBuilder<unknown>;
  readonly base: RawBuilder<unknown>;
  readonly where: (project: string) => RawBuilder<unknown>;
}

function sourceOf(field: GroupField, context: CompileContext): Source {
  if (field.kind === 'attribute') {
    return {
      value: sql`cast(${attributeColumns[field.name]} as text)`,
      base: sql`runs join experiments on experiments.number = runs.experiment`,
      where: (project) => sql`runs.project = ${project} and runs.deleted_at is null`,
    };
  }
  const number = context.numberOf(field) ?? -1;
  const [table, column] = field.kind === 'parameter' ? [sql`run_parameters`, sql`parameter`] : [sql`run_tags`, sql`tag`];
  // Values longer than the indexed beginning are cut: nobody completes those.
  return { value: sql`sort_key`, base: table, where: () => sql`${column} = ${number}` };
}
