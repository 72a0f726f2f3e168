import { defineErrors } from '#kernel/errors.ts';

/** Mistakes of the calling code. What data cannot answer is a `NotMeasurable`, never an error. */
export const statisticsErrors = defineErrors('statistics', {
  'lengths-differ': {
    kind: 'input',
    message: (a: { readonly what: string; readonly left: number; readonly right: number }) =>
      `${a.what} must have one entry for each row, but there are ${a.left} and ${a.right}.`,
    hint: () => 'Pass columns of the same rows in the same order.',
  },
  'edges-not-ascending': {
    kind: 'input',
    message: (a: { readonly edges: number }) =>
      `A histogram needs at least two finite, strictly ascending edges; these ${a.edges} edges are not.`,
  },
  'values-repeated': {
    kind: 'input',
    message: (a: { readonly value: string }) => `A categorical histogram lists each value once, but "${a.value}" is listed twice.`,
  },
  'histograms-differ': {
    kind: 'conflict',
    message: (a: { readonly why: string }) => `These histograms cannot be merged: ${a.why}.`,
    hint: () => 'Only histograms counted over the same edges merge; build both from the edges of the same reference.',
  },
  'not-a-share': {
    kind: 'input',
    message: (a: { readonly what: string; readonly value: number }) => `${a.what} must lie between 0 and 1, but is ${a.value}.`,
  },
});

export function assertSameLength(what: string, left: ArrayLike<unknown>, right: ArrayLike<unknown>): void {
  if (left.length !== right.length) throw statisticsErrors['lengths-differ']({ what, left: left.length, right: right.length });
}

export function assertShare(what: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw statisticsErrors['not-a-share']({ what, value });
}
