import type { ImportRunsWire, ImportTracesWire } from '#tracking/index.ts';
import type { Labels } from './source.ts';

/** MLflow's words in Ripen's. */

type RunState = ImportRunsWire['runs'][number]['state'];

const runStates: Readonly<Record<string, RunState>> = {
  RUNNING: 'running',
  SCHEDULED: 'scheduled',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
};
/** The file store counts them. */
export const runStatusNumbers: readonly string[] = ['', 'RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];

export const runState = (status: string): RunState => runStates[status] ?? 'running';

type Trace = ImportTracesWire['traces'][number];

export function traceState(status: string): Trace['state'] {
  if (status === 'OK') return 'ok';
  if (status === 'ERROR') return 'error';
  return status === 'IN_PROGRESS' ? 'in-progress' : 'unspecified';
}

const sourceKinds: Readonly<Record<string, Trace['assessments'][number]['source']['kind']>> = {
  HUMAN: 'human',
  LLM_JUDGE: 'judge',
  AI_JUDGE: 'judge',
  CODE: 'code',
};
export const sourceKind = (type: string) => sourceKinds[type] ?? 'unspecified';

const modelStates = ['ready', 'pending', 'ready', 'upload-failed'] as const;
/** By the number, or the name, of MLflow's status of a logged model. */
export function modelState(status: string | number): (typeof modelStates)[number] {
  if (typeof status === 'number') return modelStates[status] ?? 'ready';
  if (status.includes('PENDING')) return 'pending';
  return status.includes('FAILED') ? 'upload-failed' : 'ready';
}

export function labelsOf(list: readonly { readonly key: string; readonly value?: string | null | undefined }[] | undefined): Labels {
  return Object.fromEntries((list ?? []).map(({ key, value }) => [key, value ?? '']));
}
