import type { Queryable } from '#kernel/database/index.ts';
import type { LoggedModelTables } from './store.ts';

type FactTable = 'logged_model_parameters' | 'logged_model_tags';

const rowsAtOnce = 500;

/** By number of the model; without a prototype, so that a fact may have any name. */
export type FactsByModel = ReadonlyMap<number, Readonly<Record<string, string>>>;

export async function readModelFacts(from: Queryable, table: FactTable, models: readonly number[]): Promise<FactsByModel> {
  const facts = new Map<number, Record<string, string>>();
  for (let start = 0; start < models.length; start += rowsAtOnce) {
    const rows = await from
      .query<LoggedModelTables>()
      .selectFrom(table)
      .selectAll()
      .where('model', 'in', models.slice(start, start + rowsAtOnce))
      .orderBy('model')
      .orderBy('name')
      .execute();
    for (const { model, name, value } of rows) {
      // Object.create gives an object of any type.
      const known = facts.get(model) ?? (Object.create(null) as Record<string, string>);
      known[name] = value;
      facts.set(model, known);
    }
  }
  return facts;
}

/** Adds facts; a name that is there gets the new value. */
export async function setModelFacts(
  tx: Queryable,
  table: FactTable,
  { model, facts }: { model: number; facts: Readonly<Record<string, string>> },
): Promise<void> {
  const rows = Object.entries(facts).map(([name, value]) => ({ model, name, value }));
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    await tx
      .query<LoggedModelTables>()
      .insertInto(table)
      .values(rows.slice(start, start + rowsAtOnce))
      .onConflict((conflict) => conflict.columns(['model', 'name']).doUpdateSet((set) => ({ value: set.ref('excluded.value') })))
      .execute();
  }
}

/** Says whether there was such a tag. */
export async function removeModelTag(tx: Queryable, model: number, name: string): Promise<boolean> {
  const result = await tx
    .query<LoggedModelTables>()
    .deleteFrom('logged_model_tags')
    .where('model', '=', model)
    .where('name', '=', name)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
