import type { Queryable } from '#kernel/database/index.ts';
import type { CodeState, PipelineDefinition } from './model.ts';

interface Tables {
  pipelines: { project: string; name: string; definition: string; digest: string; code: string; defined_at: number };
}

/** A pipeline as it was last defined. */
export interface DefinedPipeline {
  readonly project: string;
  readonly definition: PipelineDefinition;
  /** Of the definition. */
  readonly digest: string;
  readonly code: CodeState;
  readonly definedAt: number;
}

export async function selectPipelines(from: Queryable, project?: string): Promise<DefinedPipeline[]> {
  let select = from.query<Tables>().selectFrom('pipelines').selectAll();
  if (project !== undefined) select = select.where('project', '=', project);
  return (await select.orderBy('project').orderBy('name').execute()).map(fromRow);
}

export async function selectPipeline(from: Queryable, project: string, name: string): Promise<DefinedPipeline | undefined> {
  const select = from.query<Tables>().selectFrom('pipelines').selectAll();
  const row = await select.where('project', '=', project).where('name', '=', name).executeTakeFirst();
  return row === undefined ? undefined : fromRow(row);
}

export async function writePipeline(tx: Queryable, pipeline: DefinedPipeline): Promise<void> {
  const values = {
    definition: JSON.stringify(pipeline.definition),
    digest: pipeline.digest,
    code: JSON.stringify(pipeline.code),
    defined_at: pipeline.definedAt,
  };
  await tx
    .query<Tables>()
    .insertInto('pipelines')
    .values({ project: pipeline.project, name: pipeline.definition.name, ...values })
    .onConflict((conflict) => conflict.columns(['project', 'name']).doUpdateSet(values))
    .execute();
}

export async function deletePipeline(tx: Queryable, project: string, name: string): Promise<void> {
  await tx.query<Tables>().deleteFrom('pipelines').where('project', '=', project).where('name', '=', name).execute();
}

type Row = Tables['pipelines'];

function fromRow(row: Row): DefinedPipeline {
  return {
    project: row.project,
    definition: JSON.parse(row.definition) as PipelineDefinition,
    digest: row.digest,
    code: JSON.parse(row.code) as CodeState,
    definedAt: row.defined_at,
  };
}
