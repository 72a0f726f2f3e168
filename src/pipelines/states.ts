import { pipelineErrors } from './errors.ts';
import type { RunState, StepState } from './model.ts';

/** `running` goes back to `queued` when the server ended under the step. */
const stepTransitions: Readonly<Record<StepState, readonly StepState[]>> = {
  queued: ['running', 'cached', 'skipped', 'cancelled', 'failed'],
  running: ['queued', 'succeeded', 'failed', 'cancelled', 'timed-out'],
  succeeded: [],
  failed: [],
  cancelled: [],
  cached: [],
  skipped: [],
  'timed-out': [],
};

const runTransitions: Readonly<Record<RunState, readonly RunState[]>> = {
  queued: ['running', 'cancelled', 'failed'],
  running: ['succeeded', 'failed', 'cancelled'],
  succeeded: [],
  failed: [],
  cancelled: [],
};

/** The new state, when it may follow. @throws `pipelines.wrong-state` */
export function stepTransition(from: StepState, to: StepState): StepState {
  if (!stepTransitions[from].includes(to)) throw pipelineErrors['wrong-state']({ what: 'step', from, to });
  return to;
}

/** @throws `pipelines.wrong-state` */
export function runTransition(from: RunState, to: RunState): RunState {
  if (!runTransitions[from].includes(to)) throw pipelineErrors['wrong-state']({ what: 'pipeline run', from, to });
  return to;
}

export function isStepDone(state: StepState): boolean {
  return stepTransitions[state].length === 0;
}

export function isRunDone(state: RunState): boolean {
  return runTransitions[state].length === 0;
}

/** Steps behind it may begin. */
export function hasResult(state: StepState): boolean {
  return state === 'succeeded' || state === 'cached';
}
