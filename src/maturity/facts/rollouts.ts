/** Rollouts: the steps in which a revision takes over, and the verdict on each. */
import { type MaturityEvent, text } from './event.ts';
import { get, has, put, type Table } from './table.ts';

export interface Rollout {
  rollout: string;
  deployment: string;
  environment: string;
  revision: string;
  number: number;
  time: number;
  verdicts: number[];
  outcome: string | undefined;
}

export function foldRollout(facts: { rollouts: Table<Rollout> }, event: MaturityEvent): void {
  if (event.type === 'rollout.started') start(facts, event);
  else if (event.type === 'rollout.step.judged' || event.type === 'rollout.finished') judge(facts, event);
}

function start(facts: { rollouts: Table<Rollout> }, event: MaturityEvent): void {
  const rollout = text(event.data, 'rollout');
  const deployment = text(event.data, 'deployment') ?? '';
  if (rollout === undefined || has(facts.rollouts, rollout)) return;
  const environment = text(event.data, 'environment') ?? '';
  const revision = text(event.data, 'revision') ?? '';
  const stamp = { number: event.number, time: event.time };
  put(facts.rollouts, [rollout], { rollout, deployment, environment, revision, ...stamp, verdicts: [], outcome: undefined });
}

function judge(facts: { rollouts: Table<Rollout> }, event: MaturityEvent): void {
  const rollout = get(facts.rollouts, text(event.data, 'rollout') ?? '');
  if (rollout === undefined) return;
  if (event.type === 'rollout.finished') rollout.outcome = text(event.data, 'outcome');
  // A step without a verdict was not analysed.
  else if (['passed', 'failed'].includes(text(event.data, 'verdict') ?? ''))
    rollout.verdicts = [...rollout.verdicts, event.number].slice(-10);
}
