import type { Queryable } from '#kernel/database/index.ts';
import { sortKey } from '../store.ts';
import type { TraceTables } from './tables.ts';

const rowsAtOnce = 500;

export type LabelTable = 'trace_tags' | 'trace_metadata';

export interface Label {
  readonly trace: number;
  readonly name: string;
  readonly value: string;
}

/** Sets tags or metadata; with `keep` only those that have no value yet. */
export async function setLabels(tx: Queryable, table: LabelTable, labels: readonly Label[], keep = false): Promise<void> {
  for (let start = 0; start < labels.length; start += rowsAtOnce) {
    const rows = labels.slice(start, start + rowsAtOnce).map((label) => ({ ...label, sort_key: sortKey(label.value) }));
    await tx
      .query<TraceTables>()
      .insertInto(table)
      .values(rows)
      .onConflict((conflict) => {
        const same = conflict.columns(['trace', 'name']);
        return keep
          ? same.doNothing()
          : same.doUpdateSet((set) => ({ value: set.ref('excluded.value'), sort_key: set.ref('excluded.sort_key') }));
      })
      .execute();
  }
}

export async function removeTag(tx: Queryable, trace: number, name: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .query<TraceTables>()
    .deleteFrom('trace_tags')
    .where('trace', '=', trace)
    .where('name', '=', name)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function linkRuns(tx: Queryable, links: readonly { readonly trace: number; readonly run: string }[]): Promise<void> {
  for (let start = 0; start < links.length; start += rowsAtOnce) {
    await tx
      .query<TraceTables>()
      .insertInto('trace_runs')
      .values(links.slice(start, start + rowsAtOnce))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

export async function insertPrompts(tx: Queryable, trace: number, prompts: readonly { readonly name: string; readonly version: string }[]) {
  if (prompts.length === 0) return;
  await tx
    .query<TraceTables>()
    .insertInto('trace_prompts')
    .values(prompts.map((prompt) => ({ ...prompt, trace })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function readPrompts(from: Queryable, trace: number): Promise<{ name: string; version: string }[]> {
  return from
    .query<TraceTables>()
    .selectFrom('trace_prompts')
    .select(['name', 'version'])
    .where('trace', '=', trace)
    .orderBy('name')
    .orderBy('version')
    .execute();
}

export async function readLabels(
  from: Queryable,
  table: LabelTable,
  traces: readonly number[],
): Promise<ReadonlyMap<number, Record<string, string>>> {
  const found = new Map<number, Record<string, string>>();
  if (traces.length === 0) return found;
  const rows = await from
    .query<TraceTables>()
    .selectFrom(table)
    .select(['trace', 'name', 'value'])
    .where('trace', 'in', traces)
    .orderBy('trace')
    .orderBy('name')
    .execute();
  for (const { trace, name, value } of rows) {
    // Without a prototype, so that a label may have any name. TypeScript gives Object.create the type any.
    const labels = found.get(trace) ?? (Object.create(null) as Record<string, string>);
    labels[name] = value;
    found.set(trace, labels);
  }
  return found;
}

export async function readRuns(from: Queryable, traces: readonly number[]): Promise<ReadonlyMap<number, string[]>> {
  const found = new Map<number, string[]>();
  if (traces.length === 0) return found;
  const rows = await from.query<TraceTables>().selectFrom('trace_runs').selectAll().where('trace', 'in', traces).orderBy('run').execute();
  for (const { trace, run } of rows) found.set(trace, [...(found.get(trace) ?? []), run]);
  return found;
}
