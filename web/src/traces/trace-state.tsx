import type { SpanWire, TraceWire } from '#tracking/traces/wire.ts';
import { type State, StateMark } from '../ui/state-mark.tsx';

const shapes: Readonly<Record<TraceWire['state'], State>> = {
  'in-progress': 'running',
  ok: 'ok',
  error: 'failed',
  unspecified: 'unknown',
};

const words: Readonly<Record<TraceWire['state'], string>> = {
  'in-progress': 'in progress',
  ok: 'ok',
  error: 'error',
  unspecified: 'not said',
};

export const traceStates = Object.keys(shapes) as readonly TraceWire['state'][];
export const stateWord = (state: TraceWire['state']): string => words[state];

export function TraceState({ trace }: { readonly trace: Pick<TraceWire, 'state'> }) {
  return <StateMark state={shapes[trace.state]} word={words[trace.state]} />;
}

/** A span without a status went well, or somebody forgot to say: it counts as ok once it ended. */
export function spanState(span: Pick<SpanWire, 'status' | 'duration'>): { readonly state: State; readonly word: string } {
  if (span.status === 'error') return { state: 'failed', word: 'error' };
  return span.duration === undefined ? { state: 'running', word: 'running' } : { state: 'ok', word: 'ok' };
}
