import { quoteIdentifier, quoteList, quoteLiteral } from '#kernel/analytics/index.ts';
import type { Histogram } from '#kernel/statistics/index.ts';

/** What one pass over the predictions of some windows is to count. */
export interface ScanPlan {
  readonly predictions: readonly string[];
  readonly labels: readonly string[];
  readonly window: number;
  readonly starts: readonly number[];
  /** Columns `input.<name>` with the reference whose bins they are counted over. */
  readonly inputs: readonly CountedColumn[];
  readonly score: CountedColumn | undefined;
  /** One of so many rows goes into the lists of scores. */
  readonly sampledOneOf: number;
}

export interface CountedColumn {
  /** In the files. */
  readonly column: string;
  readonly reference: Histogram | undefined;
}

export type Bins = readonly { readonly key: number | string; readonly value: number }[];

/** One window. What belongs to column number i has it at its end; the score is column `s`. */
export type ScanRow = Readonly<Record<string, number | null | Bins | readonly (number | null)[] | readonly string[]>>;

/** How many predictions each version made in each window, and how many of them were there twice. */
export function countsSql({ predictions, window, starts }: Pick<ScanPlan, 'predictions' | 'window' | 'starts'>): string {
  return `SELECT ${windowOf(window)} AS w, version, count(*) AS n, count(DISTINCT id) AS ids
    FROM ${predictionsRelation(predictions)} WHERE ${within(window, starts)} GROUP BY ALL ORDER BY w, ids DESC, version`;
}

export function scanSql(plan: ScanPlan): string {
  const { inputs, score } = plan;
  const columns = [
    ...inputs.map((column, index) => ({ column, as: String(index) })),
    ...(score === undefined ? [] : [{ column: score, as: 's' }]),
  ];
  const scoreValue = score === undefined ? 'NULL' : 'vs';
  const sampled = plan.sampledOneOf > 1 ? ` AND hash(id) % ${plan.sampledOneOf} = 0` : '';
  const aggregates = [
    'count(*) AS predictions',
    'count(*) FILTER (WHERE row = 0) AS requests',
    'count(*) FILTER (WHERE row = 0 AND failed) AS failures',
    'count(*) FILTER (WHERE NOT failed) AS answers',
    'quantile_cont(latency_us, [0.5, 0.95, 0.99]) FILTER (WHERE row = 0) AS latency',
    'count(label) AS labelled',
    'count(*) FILTER (WHERE label IS NOT NULL AND label NOT IN (0, 1)) AS oddLabels',
    `count(*) FILTER (WHERE NOT failed AND ${scoreValue} IS NULL) AS withoutScore`,
    `avg(${scoreValue}) FILTER (WHERE NOT failed) AS meanScore`,
    ...['label = 1', 'label = 0', 'label IS NULL'].map(
      (which, index) =>
        `list(${scoreValue}) FILTER (WHERE NOT failed AND ${scoreValue} IS NOT NULL AND ${which}${sampled}) AS scores${index}`,
    ),
    ...columns.flatMap(({ column, as }) => countColumn(column, as)),
  ];
  return `WITH labels AS (${labelsRelation(plan.labels)}),
    predictions AS (
      SELECT id, row, failed, latency_us, ${windowOf(plan.window)} AS w${columns.map(({ column, as }) => `, ${valueOf(column)} AS v${as}`).join('')}
      FROM ${predictionsRelation(plan.predictions)} WHERE ${within(plan.window, plan.starts)}
      QUALIFY row_number() OVER (PARTITION BY w, id ORDER BY time) = 1
    )
    SELECT w, ${aggregates.join(',\n      ')} FROM predictions LEFT JOIN labels USING (id) GROUP BY w`;
}

/** All rows of prediction files. */
export function predictionsRelation(paths: readonly string[]): string {
  return `read_parquet(${quoteList(paths)}, union_by_name = true)`;
}

/** The latest label of each prediction. */
export function labelsRelation(paths: readonly string[]): string {
  if (paths.length === 0) return "SELECT '' AS id, NULL::DOUBLE AS label WHERE false";
  return `SELECT id, arg_max(value, sequence) AS label FROM read_parquet(${quoteList(paths)}) GROUP BY id`;
}

const windowOf = (window: number): string => `(event_time // ${window}) * ${window}`;

function within(window: number, starts: readonly number[]): string {
  const first = Math.min(...starts);
  const end = Math.max(...starts) + window;
  return `event_time >= ${first} AND event_time < ${end} AND ${windowOf(window)} IN (${starts.join(', ')})`;
}

function valueOf({ column, reference }: CountedColumn): string {
  const name = quoteIdentifier(column);
  if (reference?.kind === 'categorical') {
    // A whole number that came as JSON must read as it does in the reference.
    return `CASE WHEN typeof(${name}) = 'DOUBLE' THEN regexp_replace(CAST(${name} AS VARCHAR), '\\.0$', '') ELSE CAST(${name} AS VARCHAR) END`;
  }
  return `TRY_CAST(${name} AS DOUBLE)`;
}

function countColumn({ reference }: CountedColumn, as: string): readonly string[] {
  const value = `v${as}`;
  const present = `count(*) FILTER (WHERE NOT failed AND ${value} IS NOT NULL) AS present${as}`;
  if (reference === undefined) return [present];
  if (reference.kind === 'categorical') {
    // An ENUM finds its value by hash, however many there are.
    const known = `TRY_CAST(${value} AS ENUM(${reference.values.map(quoteLiteral).join(', ')}))`;
    return [
      present,
      `histogram(${known}) FILTER (WHERE NOT failed) AS bins${as}`,
      `approx_top_k(${value}, 5) FILTER (WHERE NOT failed AND ${known} IS NULL) AS unseen${as}`,
    ];
  }
  const { edges } = reference;
  const last = quoteLiteral(edges.at(-1) ?? 0);
  // DuckDB's bins hold their upper edge; on negated values they hold the lower one, as the histogram of `kernel/statistics` does.
  const negated = quoteList(edges.toReversed().map((edge) => 0 - edge));
  return [
    present,
    `histogram(0 - ${value}, ${negated}::DOUBLE[]) FILTER (WHERE NOT failed) AS bins${as}`,
    `count(*) FILTER (WHERE NOT failed AND ${value} = ${last}) AS last${as}`,
    `min(${value}) FILTER (WHERE NOT failed) AS min${as}`,
    `max(${value}) FILTER (WHERE NOT failed) AS max${as}`,
  ];
}
