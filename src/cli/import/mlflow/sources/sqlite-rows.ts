import type { ForeignSqlite } from '#kernel/database/index.ts';
import type { Labels } from '../source.ts';

export type Row = Readonly<Record<string, unknown>>;

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');
/** Empty texts and nulls say nothing. */
export const optional = (value: unknown): string | undefined => (textOf(value) === '' ? undefined : textOf(value));
export const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

interface LabelTable {
  readonly table: string;
  /** Column of what is labelled. */
  readonly owner: string;
  readonly key?: string;
  readonly value?: string;
}

/** Keys and values of a table, by what they belong to. */
export function labelsBy(database: ForeignSqlite, of: LabelTable, owners: readonly string[]): ReadonlyMap<string, Labels> {
  const { table, owner, key = 'key', value = 'value' } = of;
  const found = new Map<string, Record<string, string>>();
  if (owners.length === 0 || !database.columns(table).includes(owner)) return found;
  const marks = owners.map(() => '?').join(',');
  const text = `select cast(${owner} as text) as owner, ${key} as name, ${value} as value from ${table} where cast(${owner} as text) in (${marks})`;
  const plain = `select ${owner} as owner, ${key} as name, ${value} as value from ${table} where ${owner} in (${marks})`;
  for (const row of database.rows(owner === 'experiment_id' ? text : plain, ...owners)) {
    const labels = found.get(textOf(row['owner'])) ?? {};
    labels[textOf(row['name'])] = textOf(row['value']);
    found.set(textOf(row['owner']), labels);
  }
  return found;
}

export const rowsAtOnce = 200;
