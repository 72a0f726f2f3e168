import type { PipelineRunWire, StepRunWire } from '#pipelines/wire.ts';
import { type State, StateMark } from '../ui/state-mark.tsx';

const runShapes: Readonly<Record<PipelineRunWire['state'], State>> = {
  queued: 'waiting',
  running: 'running',
  succeeded: 'ok',
  failed: 'failed',
  cancelled: 'off',
};

const stepShapes: Readonly<Record<StepRunWire['state'], State>> = {
  queued: 'waiting',
  running: 'running',
  succeeded: 'ok',
  failed: 'failed',
  cancelled: 'off',
  cached: 'ok',
  skipped: 'off',
  'timed-out': 'failed',
};

export function stepShape(state: StepRunWire['state']): State {
  return stepShapes[state];
}

/** People say "timed out"; a result that was reused came from the cache. */
export function stepWord(state: StepRunWire['state']): string {
  return state === 'timed-out' ? 'timed out' : state === 'cached' ? 'reused' : state;
}

interface RunMarkProps {
  readonly run: Pick<PipelineRunWire, 'state' | 'cancelRequested'>;
  readonly wordHidden?: boolean;
}

export function PipelineRunState({ run, wordHidden = false }: RunMarkProps) {
  const word = isLive(run) && run.cancelRequested ? 'cancelling' : run.state;
  return <StateMark state={runShapes[run.state]} word={word} wordHidden={wordHidden} />;
}

export function StepState({ state, wordHidden = false }: { readonly state: StepRunWire['state']; readonly wordHidden?: boolean }) {
  return <StateMark state={stepShapes[state]} word={stepWord(state)} wordHidden={wordHidden} />;
}

export function isLive({ state }: Pick<PipelineRunWire, 'state'>): boolean {
  return state === 'queued' || state === 'running';
}
