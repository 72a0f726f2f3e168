/** Names of measures that are better when smaller; all others are better when larger. Unknown ones are marked neither way. */
const smaller = /loss|error|brier|latency|duration|mae|mse|rmse|perplexity|size|memory|seconds|_ms$/i;
const larger = /auc|accuracy|precision|recall|f1|f_score|r2|score|gain|throughput|coverage/i;

export type Direction = 'smaller' | 'larger' | undefined;

/** Which way a metric gets better, by its name. */
export function directionOf(metric: string): Direction {
  if (smaller.test(metric)) return 'smaller';
  return larger.test(metric) ? 'larger' : undefined;
}

/** Index of the best value; none when the direction is unknown, or when fewer than two values can be compared. */
export function bestOf(metric: string, values: readonly (number | undefined)[]): number | undefined {
  const direction = directionOf(metric);
  const finite = values.flatMap((value) => (value !== undefined && Number.isFinite(value) ? [value] : []));
  if (direction === undefined || new Set(finite).size < 2) return undefined;
  const best = direction === 'smaller' ? Math.min(...finite) : Math.max(...finite);
  return values.indexOf(best);
}
