import type { ReleaseWire } from '#delivery/wire.ts';
import { type State, StateMark } from '../ui/state-mark.tsx';

const shapes: Readonly<Record<ReleaseWire['state'], State>> = {
  created: 'waiting',
  checking: 'running',
  staging: 'running',
  'smoke-testing': 'running',
  'awaiting-approval': 'warning',
  production: 'running',
  released: 'ok',
  refused: 'failed',
  'rolled-back': 'failed',
  failed: 'failed',
  cancelled: 'off',
};

export function releaseWord(state: ReleaseWire['state']): string {
  return state.replace('-', ' ');
}

export function ReleaseState({ state }: { readonly state: ReleaseWire['state'] }) {
  return <StateMark state={shapes[state]} word={releaseWord(state)} />;
}

/** The states on the way to production, in their order. */
export const way = ['created', 'checking', 'staging', 'smoke-testing', 'awaiting-approval', 'production', 'released'] as const;

export function isUnderWay({ state }: Pick<ReleaseWire, 'state'>): boolean {
  return way.some((step) => step === state) && state !== 'released';
}
