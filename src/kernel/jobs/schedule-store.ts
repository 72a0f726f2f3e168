import type { Json } from '../canonical-json.ts';
import type { Queryable } from '../database/index.ts';
import type { Schedule } from './model.ts';

interface ScheduleRow {
  name: string;
  kind: string;
  cron: string;
  zone: string;
  payload: string;
  next_at: number;
  last_at: number | null;
}

interface Tables {
  job_schedules: ScheduleRow;
}

export async function selectSchedule(from: Queryable, name: string): Promise<Schedule | undefined> {
  const row = await from.query<Tables>().selectFrom('job_schedules').selectAll().where('name', '=', name).executeTakeFirst();
  return row === undefined ? undefined : fromRow(row);
}

export async function selectSchedules(from: Queryable, prefix: string): Promise<Schedule[]> {
  const rows = await from.query<Tables>().selectFrom('job_schedules').selectAll().orderBy('name').execute();
  return rows.filter((row) => row.name.startsWith(prefix)).map(fromRow);
}

export async function dueSchedules(from: Queryable, now: number): Promise<Schedule[]> {
  const rows = await from.query<Tables>().selectFrom('job_schedules').selectAll().where('next_at', '<=', now).execute();
  return rows.map(fromRow);
}

export async function writeSchedule(tx: Queryable, { name, kind, cron, zone, payload, nextAt, lastAt }: Schedule): Promise<void> {
  const values = { kind, cron, zone, payload: JSON.stringify(payload), next_at: nextAt, last_at: lastAt ?? null };
  await tx
    .query<Tables>()
    .insertInto('job_schedules')
    .values({ name, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .execute();
}

/** False when another server has already taken this time. */
export async function advanceSchedule(tx: Queryable, schedule: Schedule, nextAt: number): Promise<boolean> {
  const done = await tx
    .query<Tables>()
    .updateTable('job_schedules')
    .set({ next_at: nextAt, last_at: schedule.nextAt })
    .where('name', '=', schedule.name)
    .where('next_at', '=', schedule.nextAt)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function deleteSchedule(tx: Queryable, name: string): Promise<void> {
  await tx.query<Tables>().deleteFrom('job_schedules').where('name', '=', name).execute();
}

function fromRow(row: ScheduleRow): Schedule {
  const { name, kind, cron, zone } = row;
  const payload = JSON.parse(row.payload) as { readonly [key: string]: Json };
  return { name, kind, cron, zone, payload, nextAt: row.next_at, lastAt: row.last_at ?? undefined };
}
