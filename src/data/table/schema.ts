import { canonicalJson } from '#kernel/canonical-json.ts';
import { digestOf, type Digest } from '#kernel/objects/index.ts';

/** What can be asked of a column, whatever its exact DuckDB type. */
export type ColumnClass = 'integer' | 'number' | 'string' | 'boolean' | 'date' | 'timestamp' | 'other';

export interface SchemaColumn {
  readonly name: string;
  /** DuckDB's name of the type, for example BIGINT or DECIMAL(10,2). */
  readonly type: string;
}

export type Schema = readonly SchemaColumn[];

/** Something to select from, and its columns. */
export interface Table {
  readonly relation: string;
  readonly schema: Schema;
}

/** Bits that an integer type needs, so that widths can be compared; unsigned types count one more. */
const integerBits: Readonly<Record<string, number>> = {
  TINYINT: 8,
  UTINYINT: 9,
  SMALLINT: 16,
  USMALLINT: 17,
  INTEGER: 32,
  UINTEGER: 33,
  BIGINT: 64,
  UBIGINT: 65,
  HUGEINT: 128,
  UHUGEINT: 129,
};

export function columnClass(type: string): ColumnClass {
  if (Object.hasOwn(integerBits, type)) return 'integer';
  if (type === 'DOUBLE' || type === 'FLOAT' || /^DECIMAL\(\d+,\d+\)$/.test(type)) return 'number';
  if (type === 'VARCHAR' || type === 'UUID' || /^ENUM\(.*\)$/s.test(type)) return 'string';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'DATE') return 'date';
  return /^TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?$/.test(type) ? 'timestamp' : 'other';
}

/** Names, order and types; equal schemas have equal digests. */
export function schemaDigest(schema: Schema): Digest {
  return digestOf(canonicalJson(schema.map(({ name, type }) => ({ name, type }))));
}

export type SchemaChange =
  | { readonly kind: 'added'; readonly column: string; readonly type: string; readonly breaking: false }
  | { readonly kind: 'removed'; readonly column: string; readonly type: string; readonly breaking: true }
  | { readonly kind: 'type-changed'; readonly column: string; readonly from: string; readonly to: string; readonly breaking: boolean };

/** What is different in `to`; breaking is what a reader of `from` would stumble over. The order of columns is no change. */
export function diffSchemas(from: Schema, to: Schema): readonly SchemaChange[] {
  const before = new Map(from.map((column) => [column.name, column.type]));
  const after = new Map(to.map((column) => [column.name, column.type]));
  const changes: SchemaChange[] = [];
  for (const [column, type] of before) {
    const now = after.get(column);
    if (now === undefined) changes.push({ kind: 'removed', column, type, breaking: true });
    else if (now !== type) changes.push({ kind: 'type-changed', column, from: type, to: now, breaking: !widens(type, now) });
  }
  for (const [column, type] of after) if (!before.has(column)) changes.push({ kind: 'added', column, type, breaking: false });
  return changes;
}

/** True when every value of `from` is also a value of `to`, so that old and new rows can be read as `to`. */
function widens(from: string, to: string): boolean {
  const fromBits = integerBits[from];
  const toBits = integerBits[to];
  if (fromBits !== undefined && toBits !== undefined) {
    // A signed type has no room for the upper half of the unsigned type of its own width, and an unsigned one none for negatives.
    return toBits >= fromBits && (fromBits % 2 === 1 || toBits % 2 === 0);
  }
  if (fromBits !== undefined) return to === 'DOUBLE' && fromBits <= 33;
  if (from === 'FLOAT') return to === 'DOUBLE';
  if (from === 'DATE') return columnClass(to) === 'timestamp' && !to.endsWith('ZONE');
  return columnClass(from) === 'string' && to === 'VARCHAR';
}

/** The columns of old and new rows read together, old columns first, each with the wider type. `conflicts` are the changes that forbid it. */
export function mergeSchemas(from: Schema, to: Schema): { readonly schema: Schema; readonly conflicts: readonly SchemaChange[] } {
  const after = new Map(to.map((column) => [column.name, column.type]));
  const merged = from.map((column) => {
    const now = after.get(column.name);
    return now !== undefined && widens(column.type, now) ? { name: column.name, type: now } : column;
  });
  const known = new Set(from.map((column) => column.name));
  const conflicts = diffSchemas(from, to).filter(
    (change) => change.breaking && !(change.kind === 'type-changed' && widens(change.to, change.from)),
  );
  return { schema: [...merged, ...to.filter((column) => !known.has(column.name))], conflicts };
}

export function describeChange(change: SchemaChange): string {
  if (change.kind === 'added') return `column "${change.column}" (${change.type}) is new`;
  if (change.kind === 'removed') return `column "${change.column}" (${change.type}) is missing`;
  return `column "${change.column}" was ${change.from} and is now ${change.to}`;
}
