import { assertSameLength } from './errors.ts';
import type { ScoredRows } from './classification.ts';
import { ascendingOrder, tieEnd } from './quantile.ts';

interface Block {
  readonly from: number;
  readonly to: number;
  readonly mean: number;
  readonly weight: number;
}

function joined(left: Block, right: Block): Block {
  const weight = left.weight + right.weight;
  return { from: left.from, to: right.to, mean: (left.mean * left.weight + right.mean * right.weight) / weight, weight };
}

/**
 * The rising function of the score that fits the labels best in squares (pool adjacent violators, Ayer et al. 1955), straight between
 * blocks and level beyond the ends, as scikit-learn's `IsotonicRegression(out_of_bounds="clip")`. `undefined` without rows.
 */
export function isotonicCalibration({ labels, scores }: ScoredRows): ((score: number) => number) | undefined {
  assertSameLength('The scores', labels, scores);
  const order = ascendingOrder(scores);
  const blocks: Block[] = [];
  for (let start = 0; start < order.length;) {
    const end = tieEnd(scores, order, start);
    const at = scores[order[start] ?? 0] ?? 0;
    const positives = order.subarray(start, end).reduce((sum, row) => sum + (labels[row] === 1 ? 1 : 0), 0);
    let block: Block = { from: at, to: at, mean: positives / (end - start), weight: end - start };
    for (let last = blocks.at(-1); last !== undefined && last.mean >= block.mean; last = blocks.at(-1)) {
      block = joined(last, block);
      blocks.pop();
    }
    if (Number.isFinite(at)) blocks.push(block);
    start = end;
  }
  return blocks.length === 0 ? undefined : (score) => valueAt(blocks, score);
}

function valueAt(blocks: readonly Block[], score: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.from ?? Infinity) <= score) low = middle + 1;
    else high = middle;
  }
  const left = blocks[low - 1];
  const right = blocks[low];
  if (left === undefined) return right?.mean ?? Number.NaN;
  if (right === undefined || score <= left.to) return left.mean;
  return left.mean + ((right.mean - left.mean) * (score - left.to)) / (right.from - left.to);
}
