import type { Queryable } from '#kernel/database/index.ts';
import type { MonitorDeclaration } from '../declaration/monitor-declaration.ts';
import type { Monitor, Watched } from '../model.ts';

interface MonitorRow {
  project: string;
  deployment: string;
  model: string;
  version: string;
  declaration: string;
  created_at: number;
  updated_at: number;
}

interface Tables {
  monitors: MonitorRow;
}

export async function findMonitor(from: Queryable, { project, deployment }: Watched): Promise<Monitor | undefined> {
  const select = from.query<Tables>().selectFrom('monitors').selectAll().where('project', '=', project);
  const row = await select.where('deployment', '=', deployment).executeTakeFirst();
  return row && toMonitor(row);
}

export async function listMonitors(from: Queryable, project?: string): Promise<Monitor[]> {
  let select = from.query<Tables>().selectFrom('monitors').selectAll();
  if (project !== undefined) select = select.where('project', '=', project);
  return (await select.orderBy('project').orderBy('deployment').execute()).map(toMonitor);
}

export async function putMonitor(tx: Queryable, monitor: Monitor): Promise<void> {
  const { project, deployment, model, version, createdAt, updatedAt } = monitor;
  const changed = { model, version, declaration: JSON.stringify(monitor.declaration), updated_at: updatedAt };
  await tx
    .query<Tables>()
    .insertInto('monitors')
    .values({ project, deployment, ...changed, created_at: createdAt })
    .onConflict((conflict) => conflict.columns(['project', 'deployment']).doUpdateSet(changed))
    .execute();
}

function toMonitor({ declaration, created_at: createdAt, updated_at: updatedAt, ...row }: MonitorRow): Monitor {
  // putMonitor wrote it.
  return { ...row, declaration: JSON.parse(declaration) as MonitorDeclaration, createdAt, updatedAt };
}
