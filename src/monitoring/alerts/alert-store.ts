import type { Queryable } from '#kernel/database/index.ts';
import type { Alert, Silence, Watched } from '../model.ts';

interface AlertRow {
  id: string;
  project: string;
  deployment: string;
  rule: string;
  state: string;
  created_at: number;
  record: string;
}

interface Tables {
  alerts: AlertRow;
  alert_rules: { project: string; deployment: string; name: string; definition: string; from_time: number | null };
  alert_silences: { id: string; project: string; rule: string; from: number; until: number; record: string };
}

/** A rule as it is in force, and the end of the first window that it judges; from the first window on without a time. */
export interface RuleInForce {
  readonly name: string;
  readonly definition: string;
  readonly from: number | undefined;
}

export async function listRules(from: Queryable, { project, deployment }: Watched): Promise<RuleInForce[]> {
  const select = from.query<Tables>().selectFrom('alert_rules').selectAll().where('project', '=', project);
  const rows = await select.where('deployment', '=', deployment).execute();
  return rows.map(({ name, definition, from_time: time }) => ({ name, definition, from: time ?? undefined }));
}

export async function putRule(tx: Queryable, { project, deployment }: Watched, rule: RuleInForce): Promise<void> {
  const changed = { definition: rule.definition, from_time: rule.from ?? null };
  await tx
    .query<Tables>()
    .insertInto('alert_rules')
    .values({ project, deployment, name: rule.name, ...changed })
    .onConflict((conflict) => conflict.columns(['project', 'deployment', 'name']).doUpdateSet(changed))
    .execute();
}

export async function deleteRule(tx: Queryable, { project, deployment }: Watched, name: string): Promise<void> {
  const all = tx.query<Tables>().deleteFrom('alert_rules').where('project', '=', project);
  await all.where('deployment', '=', deployment).where('name', '=', name).execute();
}

export async function putAlert(tx: Queryable, alert: Alert): Promise<void> {
  const { id, project, deployment, rule, state, createdAt } = alert;
  const changed = { state, record: JSON.stringify(alert) };
  await tx
    .query<Tables>()
    .insertInto('alerts')
    .values({ id, project, deployment, rule, created_at: createdAt, ...changed })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(changed))
    .execute();
}

export async function findAlert(from: Queryable, project: string, id: string): Promise<Alert | undefined> {
  const select = from.query<Tables>().selectFrom('alerts').select('record').where('project', '=', project);
  const row = await select.where('id', '=', id).executeTakeFirst();
  return row && toAlert(row);
}

export interface AlertFilter {
  readonly project: string;
  readonly deployment?: string | undefined;
  readonly states?: readonly string[] | undefined;
  /** Alerts made before this one. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/** The newest first; ids sort by their making. */
export async function listAlerts(from: Queryable, { project, deployment, states, after, limit }: AlertFilter): Promise<Alert[]> {
  let select = from.query<Tables>().selectFrom('alerts').select('record').where('project', '=', project);
  if (deployment !== undefined) select = select.where('deployment', '=', deployment);
  if (states !== undefined) select = select.where('state', 'in', states);
  if (after !== undefined) select = select.where('id', '<', after);
  if (limit !== undefined) select = select.limit(limit);
  return (await select.orderBy('id', 'desc').execute()).map(toAlert);
}

function toAlert({ record }: { record: string }): Alert {
  // putAlert wrote it.
  return JSON.parse(record) as Alert;
}

export async function insertSilence(tx: Queryable, project: string, silence: Silence): Promise<void> {
  const { id, rule, from, until } = silence;
  await tx
    .query<Tables>()
    .insertInto('alert_silences')
    .values({ id, project, rule, from, until, record: JSON.stringify(silence) })
    .execute();
}

/** Silences that hold at `now`. */
export async function listSilences(from: Queryable, project: string, now: number): Promise<Silence[]> {
  const select = from.query<Tables>().selectFrom('alert_silences').select('record').where('project', '=', project);
  const rows = await select.where('from', '<=', now).where('until', '>', now).execute();
  // insertSilence wrote it.
  return rows.map(({ record }) => JSON.parse(record) as Silence);
}
