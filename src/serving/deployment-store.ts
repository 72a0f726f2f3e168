import type { Queryable } from '#kernel/database/index.ts';
import type { Deployment, Environment, Revision, RevisionId, RevisionState } from './model.ts';

interface DeploymentRow {
  name: string;
  environment: string;
  project: string;
  model: string;
  spec: string;
  created_at: number;
}

interface RevisionRow {
  id: string;
  deployment: string;
  environment: string;
  number: number;
  model: string;
  model_version: string;
  digest: string;
  model_digest: string;
  signature: string;
  state: string;
  weight: number;
  cause: string;
  release: string | null;
  created_at: number;
  state_at: number;
  reason: string | null;
}

interface Tables {
  deployments: DeploymentRow;
  revisions: RevisionRow;
}

export interface Place {
  readonly deployment: string;
  readonly environment: Environment;
}

export async function findDeployment(from: Queryable, { deployment, environment }: Place): Promise<Deployment | undefined> {
  const row = await from
    .query<Tables>()
    .selectFrom('deployments')
    .selectAll()
    .where('name', '=', deployment)
    .where('environment', '=', environment)
    .executeTakeFirst();
  return row === undefined ? undefined : deploymentOf(row);
}

/** Those of a project, of a name or of an environment; ordered by name, staging last. */
export async function listDeployments(
  from: Queryable,
  filter: { readonly project?: string; readonly deployment?: string; readonly environment?: string },
): Promise<readonly Deployment[]> {
  let select = from.query<Tables>().selectFrom('deployments').selectAll();
  if (filter.project !== undefined) select = select.where('project', '=', filter.project);
  if (filter.deployment !== undefined) select = select.where('name', '=', filter.deployment);
  if (filter.environment !== undefined) select = select.where('environment', '=', filter.environment);
  return (await select.orderBy('name').orderBy('environment').execute()).map(deploymentOf);
}

export async function putDeployment(tx: Queryable, deployment: Deployment): Promise<void> {
  const { name, environment, project, model, spec, createdAt } = deployment;
  await tx
    .query<Tables>()
    .insertInto('deployments')
    .values({ name, environment, project, model, spec: JSON.stringify(spec), created_at: createdAt })
    .onConflict((conflict) => conflict.columns(['name', 'environment']).doUpdateSet({ spec: JSON.stringify(spec) }))
    .execute();
}

function deploymentOf(row: DeploymentRow): Deployment {
  return {
    project: row.project,
    name: row.name,
    environment: row.environment as Environment,
    model: row.model,
    // Written by `putDeployment` from a checked spec.
    spec: JSON.parse(row.spec) as Deployment['spec'],
    createdAt: row.created_at,
  };
}

/** The newest first. */
export async function listRevisions(
  from: Queryable,
  filter: {
    readonly deployment?: string;
    readonly environment?: string;
    readonly states?: readonly RevisionState[];
    readonly limit?: number;
  },
): Promise<readonly Revision[]> {
  let select = from.query<Tables>().selectFrom('revisions').selectAll();
  if (filter.deployment !== undefined) select = select.where('deployment', '=', filter.deployment);
  if (filter.environment !== undefined) select = select.where('environment', '=', filter.environment);
  if (filter.states !== undefined) select = select.where('state', 'in', [...filter.states]);
  if (filter.limit !== undefined) select = select.limit(filter.limit);
  return (await select.orderBy('number', 'desc').execute()).map(revisionOf);
}

export async function findRevision(from: Queryable, id: string): Promise<Revision | undefined> {
  const row = await from.query<Tables>().selectFrom('revisions').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : revisionOf(row);
}

export async function nextRevisionNumber(tx: Queryable, { deployment, environment }: Place): Promise<number> {
  const row = await tx
    .query<Tables>()
    .selectFrom('revisions')
    .select((each) => each.fn.max<number | null>('number').as('last'))
    .where('deployment', '=', deployment)
    .where('environment', '=', environment)
    .executeTakeFirst();
  return (row?.last ?? 0) + 1;
}

export async function insertRevision(tx: Queryable, revision: Revision): Promise<void> {
  await tx
    .query<Tables>()
    .insertInto('revisions')
    .values({
      id: revision.id,
      deployment: revision.deployment,
      environment: revision.environment,
      number: revision.number,
      model: revision.model,
      model_version: revision.modelVersion,
      digest: revision.digest,
      model_digest: revision.modelDigest,
      signature: JSON.stringify(revision.signature),
      state: revision.state,
      weight: revision.weight,
      cause: revision.cause,
      release: revision.release ?? null,
      created_at: revision.createdAt,
      state_at: revision.stateAt,
      reason: revision.reason ?? null,
    })
    .execute();
}

export async function updateRevision(
  tx: Queryable,
  id: RevisionId,
  change: { readonly state?: RevisionState; readonly stateAt?: number; readonly weight?: number; readonly reason?: string },
): Promise<void> {
  const { state, stateAt, weight, reason } = change;
  await tx
    .query<Tables>()
    .updateTable('revisions')
    .set({
      ...(state === undefined ? {} : { state }),
      ...(stateAt === undefined ? {} : { state_at: stateAt }),
      ...(weight === undefined ? {} : { weight }),
      ...(reason === undefined ? {} : { reason }),
    })
    .where('id', '=', id)
    .execute();
}

function revisionOf(row: RevisionRow): Revision {
  return {
    // Written by `insertRevision` and `updateRevision` from these very types.
    id: row.id as RevisionId,
    deployment: row.deployment,
    environment: row.environment as Environment,
    number: row.number,
    model: row.model,
    modelVersion: row.model_version,
    digest: row.digest,
    modelDigest: row.model_digest,
    signature: JSON.parse(row.signature) as Revision['signature'],
    state: row.state as RevisionState,
    weight: row.weight,
    cause: row.cause as Revision['cause'],
    release: row.release ?? undefined,
    createdAt: row.created_at,
    stateAt: row.state_at,
    reason: row.reason ?? undefined,
  };
}
