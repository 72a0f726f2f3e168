import { quoteList, quoteLiteral } from '#kernel/analytics/index.ts';

/** All rows of Parquet files as something to select from; a column that one file lacks is null there. */
export function parquetRelation(paths: readonly string[]): string {
  return `read_parquet(${quoteList(paths)}, union_by_name = true)`;
}

/** All rows of one Parquet file; they have numbers. */
export function oneFileRelation(path: string): string {
  return `read_parquet(${quoteLiteral(path)})`;
}
