import { equalWidthEdges, type NumericHistogram, numericHistogram } from '#kernel/statistics/index.ts';
import { latencyEdges, type PackedHistogram } from './agent-wire.ts';
import type { RevisionTraffic } from './model.ts';

const scoreBins = 50;

export function scoreEdges([lower, upper]: readonly [number, number]): readonly number[] {
  return equalWidthEdges(lower, upper, scoreBins);
}

/** Most cells of a latency histogram are zero, and a run of them is one number. */
export function packHistogram({ below, counts, above, missing }: NumericHistogram): PackedHistogram {
  const cells: number[] = [];
  for (const count of [below, ...counts, above]) {
    const last = cells.at(-1);
    if (count !== 0) cells.push(count);
    else if (last !== undefined && last < 0) cells[cells.length - 1] = last - 1;
    else cells.push(-1);
  }
  return { cells, missing };
}

/** Cells that do not fill the edges count as zero, so that a damaged report cannot damage more than itself. */
export function unpackHistogram({ cells, missing }: PackedHistogram, edges: readonly number[]): NumericHistogram {
  const flat = cells.flatMap((cell) => (cell < 0 ? Array.from({ length: Math.min(-cell, edges.length + 1) }, () => 0) : [cell]));
  const counts = Array.from({ length: edges.length - 1 }, (_, index) => flat[index + 1] ?? 0);
  return { kind: 'numeric', edges, counts, below: flat[0] ?? 0, above: flat[edges.length] ?? 0, missing };
}

export function emptyRevisionTraffic(range: readonly [number, number]): RevisionTraffic {
  return { requests: 0, rows: 0, errors: 0, latency: numericHistogram([], latencyEdges), scores: numericHistogram([], scoreEdges(range)) };
}

/** What was answered after `before`. */
export function trafficSince(now: Omit<RevisionTraffic, 'rows'>, before: Omit<RevisionTraffic, 'rows'>): Omit<RevisionTraffic, 'rows'> {
  return {
    requests: Math.max(0, now.requests - before.requests),
    errors: Math.max(0, now.errors - before.errors),
    latency: subtract(now.latency, before.latency),
    scores: subtract(now.scores, before.scores),
  };
}

function subtract(now: NumericHistogram, before: NumericHistogram): NumericHistogram {
  const less = (a: number, b: number | undefined): number => Math.max(0, a - (b ?? 0));
  return {
    kind: 'numeric',
    edges: now.edges,
    counts: now.counts.map((count, index) => less(count, before.counts[index])),
    below: less(now.below, before.below),
    above: less(now.above, before.above),
    missing: less(now.missing, before.missing),
  };
}
