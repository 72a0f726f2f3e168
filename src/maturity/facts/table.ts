/** Rows by key, oldest first, in a plain object so that facts are JSON. */
export type Table<Row> = Record<string, Row>;

/** Rows that trimming leaves; the oldest go first. */
const limit = 2000;

export function get<Row>(table: Table<Row>, ...key: readonly string[]): Row | undefined {
  return table[keyOf(key)];
}

export function has(table: Table<unknown>, ...key: readonly string[]): boolean {
  return get(table, ...key) !== undefined;
}

/** Writes one row. A row that exists keeps its place. */
export function put<Row>(table: Table<Row>, key: readonly string[], row: Row): void {
  table[keyOf(key)] = row;
}

export function remove(table: Table<unknown>, ...key: readonly string[]): void {
  delete table[keyOf(key)];
}

/** Drops the oldest rows of a table beyond its limit. */
export function trim(table: Table<unknown>): void {
  const keys = Object.keys(table);
  for (const key of keys.slice(0, Math.max(0, keys.length - limit))) delete table[key];
}

export function rows<Row>(table: Table<Row>): readonly Row[] {
  return Object.values(table);
}

/** The colon keeps names such as `12` and `__proto__` from being array indexes or the prototype. */
function keyOf(parts: readonly string[]): string {
  return `:${parts.join('\n')}`;
}
