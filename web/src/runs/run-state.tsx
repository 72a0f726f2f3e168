import type { RunWire } from '#tracking/wire.ts';
import { type State, StateMark } from '../ui/state-mark.tsx';

const shapes: Readonly<Record<RunWire['state'], State>> = {
  created: 'waiting',
  scheduled: 'waiting',
  running: 'running',
  finished: 'ok',
  failed: 'failed',
  killed: 'warning',
};

export function RunState({ run }: { readonly run: Pick<RunWire, 'state' | 'deletedAt'> }) {
  if (run.deletedAt !== undefined) return <StateMark state="off" word="deleted" />;
  return <StateMark state={shapes[run.state]} word={run.state} />;
}

export function isLive(run: Pick<RunWire, 'state'>): boolean {
  return run.state === 'created' || run.state === 'scheduled' || run.state === 'running';
}
