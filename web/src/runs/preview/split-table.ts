/** A table as MLflow's `log_table` keeps it: `{"columns": [...], "data": [[...], ...]}`. */
export interface SplitRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** The table in a parsed JSON file; undefined when it is none. */
export function splitTable(value: unknown): SplitRows | undefined {
  if (typeof value !== 'object' || value === null || !('columns' in value) || !('data' in value)) return undefined;
  const { columns, data } = value;
  if (!Array.isArray(columns) || !Array.isArray(data) || columns.length === 0) return undefined;
  const rows: unknown[] = data;
  if (!rows.every((row): row is unknown[] => Array.isArray(row) && row.length === columns.length)) return undefined;
  return { columns: columns.map(String), rows };
}
