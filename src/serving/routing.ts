import { hash } from 'node:crypto';

import { defineErrors } from '#kernel/errors.ts';

const routingErrors = defineErrors('serving', {
  'weights-invalid': {
    kind: 'input',
    message: (a: { readonly why: string }) => `These traffic weights cannot be used: ${a.why}.`,
    hint: () => 'Weights are percentages from 0 to 100 with at most two decimals, and together make 100.',
  },
});

/** A revision and its percentage of the traffic. */
export interface RevisionWeight<Revision extends string = string> {
  readonly revision: Revision;
  readonly weight: number;
}

/** Traffic is divided into ten thousand buckets: one is a hundredth of a percent. */
export const bucketCount = 10_000;

/**
 * The bucket of a key: sha256(salt + key), read as one big-endian number, modulo 10,000. Whoever knows the salt can compute it.
 * The salt belongs to a rollout, so that different rollouts try their candidate on different keys.
 */
export function bucketOf(salt: string, key: string): number {
  let bucket = 0;
  for (const byte of hash('sha256', salt + key, 'buffer')) bucket = (bucket * 256 + byte) % bucketCount;
  return bucket;
}

/** Picks the revision of a key. */
export type Route<Revision extends string> = (key: string) => Revision;

/**
 * A routing rule over revisions in order, candidate first, stable last. Each revision owns the buckets after those of the revisions
 * before it, so when the weight of the first grows, the keys it had stay and others join them. Errors: `serving.weights-invalid`.
 */
export function createRoute<Revision extends string>(salt: string, weights: readonly RevisionWeight<Revision>[]): Route<Revision> {
  const shares = weights.map(({ weight }) => Math.round(weight * (bucketCount / 100)));
  assertWeights(weights, shares);
  let end = 0;
  const table = weights.map(({ revision }, index) => ({ revision, end: (end += shares[index] ?? 0) }));
  const only = table.filter((entry, index) => entry.end > (table[index - 1]?.end ?? 0));
  const [first] = only;
  if (only.length === 1 && first !== undefined) return () => first.revision;
  return (key) => {
    const bucket = bucketOf(salt, key);
    const found = only.find((entry) => bucket < entry.end);
    if (found === undefined) throw routingErrors['weights-invalid']({ why: `no revision owns bucket ${bucket}` });
    return found.revision;
  };
}

function assertWeights(weights: readonly RevisionWeight[], shares: readonly number[]): void {
  const isWrong = (weight: number, index: number): boolean =>
    !(weight >= 0 && weight <= 100) || Math.abs((shares[index] ?? 0) / (bucketCount / 100) - weight) > 1e-9;
  const wrong = weights.find(({ weight }, index) => isWrong(weight, index));
  if (wrong !== undefined) throw routingErrors['weights-invalid']({ why: `${wrong.revision} has ${wrong.weight}` });
  const names = new Set(weights.map(({ revision }) => revision));
  if (names.size < weights.length) throw routingErrors['weights-invalid']({ why: 'a revision is listed twice' });
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (total !== bucketCount) throw routingErrors['weights-invalid']({ why: `they make ${total / (bucketCount / 100)}` });
}
