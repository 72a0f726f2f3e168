import { deliveryErrors } from './errors.ts';

export const releaseStates = [
  'created',
  'checking',
  'staging',
  'smoke-testing',
  'awaiting-approval',
  'production',
  'released',
  'refused',
  'rolled-back',
  'failed',
  'cancelled',
] as const;
export type ReleaseState = (typeof releaseStates)[number];

/** Where a release may go from each state. States that lead nowhere are its end. */
const transitions: Readonly<Record<ReleaseState, readonly ReleaseState[]>> = {
  created: ['checking', 'cancelled', 'failed'],
  checking: ['staging', 'refused', 'cancelled', 'failed'],
  staging: ['smoke-testing', 'cancelled', 'failed'],
  'smoke-testing': ['awaiting-approval', 'refused', 'cancelled', 'failed'],
  'awaiting-approval': ['production', 'refused', 'cancelled', 'failed'],
  production: ['released', 'rolled-back', 'cancelled', 'failed'],
  released: [],
  refused: [],
  'rolled-back': [],
  failed: [],
  cancelled: [],
};

/** States in which a release works on the environments of its deployment; one release of a deployment at a time. */
export const busyStates: readonly ReleaseState[] = ['checking', 'staging', 'smoke-testing', 'production'];

export type ReleaseOutcome = 'released' | 'refused' | 'rolled-back' | 'failed' | 'cancelled';

export function isOutcome(state: ReleaseState): state is ReleaseOutcome {
  return transitions[state].length === 0;
}

export const unfinishedStates: readonly ReleaseState[] = releaseStates.filter((state) => !isOutcome(state));

/** Throws `delivery.wrong-state`. */
export function transition(from: ReleaseState, to: ReleaseState): ReleaseState {
  if (!transitions[from].includes(to)) throw deliveryErrors['wrong-state']({ from, to });
  return to;
}
