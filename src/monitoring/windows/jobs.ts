import type { Database, Queryable } from '#kernel/database/index.ts';
import type { Jobs } from '#kernel/jobs/index.ts';
import type { Watched } from '../model.ts';

/** Evaluates what has changed. */
export const evaluateJob = 'monitoring.evaluate';
/** Looks again at windows that wait for time to pass. */
export const settleJob = 'monitoring.settle';

// Segments come in bursts; one scan serves them all.
const debounceMs = 200;

const keyOf = ({ project, deployment }: Watched): string => `${project}/${deployment}`;

export async function askForEvaluation(jobs: Jobs, to: Queryable | Database, of: { watched: Watched; now: number }): Promise<void> {
  const { project, deployment } = of.watched;
  await jobs.enqueue(to, { kind: evaluateJob, key: keyOf(of.watched), payload: { project, deployment }, runAt: of.now + debounceMs });
}

/** A job that waits for a later time must not hide one that is wanted earlier, so jobs have the time in their key. */
const settleStepMs = 5000;

export async function askToSettle(jobs: Jobs, to: Queryable | Database, of: { watched: Watched; at: number }): Promise<void> {
  const { project, deployment } = of.watched;
  const runAt = Math.ceil(of.at / settleStepMs) * settleStepMs;
  await jobs.enqueue(to, { kind: settleJob, key: `${keyOf(of.watched)}@${runAt}`, payload: { project, deployment }, runAt });
}
