/**
 * A name (column, table, alias) as a DuckDB identifier, whatever characters it has.
 * Throws a RangeError for a NUL character, which DuckDB cannot hold in a name.
 */
export function quoteIdentifier(name: string): string {
  refuseNul(name);
  return `"${name.replaceAll('"', '""')}"`;
}

/** Any scalar that DuckDB accepts as a literal. NaN and the infinities are DOUBLE. */
export type Literal = string | number | bigint | boolean | null;

/** A value as a DuckDB literal. Backslashes are plain characters in a DuckDB string, so only the quote is doubled. */
export function quoteLiteral(value: Literal): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'bigint') return `(${value})`;
  if (typeof value === 'number') return quoteNumber(value);
  refuseNul(value);
  return `'${value.replaceAll("'", "''")}'`;
}

/** A list of values as a DuckDB list literal. */
export function quoteList(values: readonly Literal[]): string {
  return `[${values.map(quoteLiteral).join(', ')}]`;
}

function quoteNumber(value: number): string {
  if (Number.isNaN(value)) return `'nan'::DOUBLE`;
  if (!Number.isFinite(value)) return value > 0 ? `'inf'::DOUBLE` : `'-inf'::DOUBLE`;
  // Brackets keep a minus sign from joining a minus before it into a comment.
  return Number.isSafeInteger(value) ? `(${Object.is(value, -0) ? 0 : value})` : `(${value}::DOUBLE)`;
}

function refuseNul(text: string): void {
  if (text.includes('\0')) throw new RangeError('A name or text for DuckDB holds a NUL character.');
}
