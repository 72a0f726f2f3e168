import { type Analytics, quoteIdentifier, quoteLiteral } from '#kernel/analytics/index.ts';

/** More rows cost time and narrow the intervals little. */
const mostRows = 50_000;

export interface RowsWanted {
  /** Parquet file. */
  readonly file: string;
  /** Inputs of the models. Left out: all columns. */
  readonly inputs: readonly string[] | undefined;
  readonly seed: number;
  /** Where the JSON lines go. */
  readonly target: string;
  readonly signal: AbortSignal;
}

/**
 * Writes the evaluation rows as JSON lines: the inputs, `label`, `baseline_score` and `slice_*`. Of a longer file a sample that depends on
 * `seed` alone. NaN and infinities become null, which JSON has.
 */
export async function writeEvaluationRows(analytics: Analytics, { file, inputs, seed, target, signal }: RowsWanted): Promise<void> {
  const source = `read_parquet(${quoteLiteral(file)}, file_row_number = true)`;
  const described = await analytics.query<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${source}`, [], { signal });
  const columns = described.filter(({ column_name: name }) => isWanted(name, inputs));
  if (columns.length === 0) throw new Error('The evaluation file has none of the columns that a gate reads.');
  const selected = columns.map(({ column_name: name, column_type: type }) => expression(name, type)).join(', ');
  await analytics.run(
    `COPY (
       SELECT * EXCLUDE (file_row_number) FROM (
         SELECT ${selected}, file_row_number FROM ${source} ORDER BY hash(file_row_number + ${seed}::BIGINT * 1000003), file_row_number LIMIT ${mostRows}
       ) ORDER BY file_row_number
     ) TO ${quoteLiteral(target)} (FORMAT json)`,
    [],
    { signal },
  );
}

function isWanted(name: string, inputs: readonly string[] | undefined): boolean {
  if (name === 'file_row_number') return false;
  return inputs === undefined || inputs.includes(name) || name === 'label' || name === 'baseline_score' || name.startsWith('slice_');
}

function expression(name: string, type: string): string {
  const column = quoteIdentifier(name);
  if (type !== 'FLOAT' && type !== 'DOUBLE') return column;
  return `CASE WHEN isfinite(${column}) THEN ${column} END AS ${column}`;
}
