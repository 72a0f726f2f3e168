import { type Change, type ChangeContext, systemActor } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { appendStep, putGate } from './history-store.ts';
import type { GateEvaluation, Release } from './model.ts';
import { isOutcome, type ReleaseState, transition } from './states.ts';
import { findRelease, updateRelease } from './store.ts';

/** Where a release goes next, and what is kept with it. */
export interface Move {
  readonly to: ReleaseState;
  readonly note?: string | undefined;
  readonly patch?: Partial<Release> | undefined;
  /** The gate that opened or closed the way. */
  readonly gate?: GateEvaluation | undefined;
}

/**
 * Moves a release on, with its row, its story and its events in one transaction. `guard` may forbid it within that same transaction.
 * False when it did, or when the release is no longer in the state in which it was read.
 */
export async function advance(
  { clock, events }: Pick<Kernel, 'clock' | 'events'>,
  release: Release,
  move: Move & {
    readonly context?: ChangeContext | undefined;
    readonly guard?: ((change: Change) => Promise<boolean>) | undefined;
  },
): Promise<boolean> {
  const state = transition(release.state, move.to);
  const time = clock.now();
  return events.change({ actor: systemActor, ...move.context, project: release.project }, async (change) => {
    if (move.guard !== undefined && !(await move.guard(change))) return false;
    const current = await findRelease(change, release.project, release.id);
    if (current?.state !== release.state) return false;
    const finishedAt = isOutcome(state) ? time : undefined;
    const next: Release = { ...current, ...move.patch, state, note: move.note, stateAt: time, attempts: 0, finishedAt };
    await updateRelease(change, next);
    await appendStep(change, release.id, { state, time, note: move.note });
    if (move.gate !== undefined) await recordGate(change, release, move.gate);
    if (isOutcome(state)) emitFinished(change, next);
    return true;
  });
}

async function recordGate(change: Change, release: Release, gate: GateEvaluation): Promise<void> {
  await putGate(change, release.id, gate);
  const { environment, outcome, comparedWith } = gate;
  change.emit({
    type: 'gate.evaluated',
    source: 'delivery',
    subject: subjectOf(release),
    data: {
      release: release.id,
      deployment: release.deployment,
      model: release.model,
      version: release.version,
      digest: release.digest,
      environment,
      gate: 'release',
      outcome,
      checks: gate.checks.map(({ name, outcome: answer, missing, value, threshold, comparison, explanation }) => ({
        name,
        outcome: answer,
        missing,
        value: finite(value),
        threshold: finite(threshold),
        comparison: comparison && { ...comparison },
        explanation,
      })),
      comparedWith,
      policies: gate.policies,
      approvals: gate.approvals,
      approvalsNeeded: gate.approvalsNeeded,
    },
  });
}

function emitFinished(change: Change, release: Release): void {
  const { id, deployment, model, version, state: outcome, note: reason, deliberate } = release;
  change.emit({
    type: 'release.finished',
    source: 'delivery',
    subject: subjectOf(release),
    data: { release: id, deployment, model, version, outcome, reason, ...(deliberate ? { deliberate } : {}) },
  });
}

export function subjectOf({ project, id }: Pick<Release, 'project' | 'id'>): string {
  return `projects/${project}/releases/${id}`;
}

// JSON has no NaN and no infinities.
function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
