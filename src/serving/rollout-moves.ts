import type { DeploymentSpec } from './deployment-spec.ts';
import type { Baseline, Replica, Rollout } from './model.ts';
import { judgeRollout } from './rollout-rules.ts';
import type { RolloutJudgement } from './rollout-statistics.ts';

/** What the driver knows of a rollout at one moment. */
export interface RolloutView {
  readonly rollout: Rollout;
  readonly spec: Pick<DeploymentSpec, 'rules' | 'stepTimeoutMs' | 'startTimeoutMs' | 'extensions'>;
  readonly now: number;
  /** Replicas of the candidate, and how many there should be. */
  readonly replicas: readonly Replica[];
  readonly wantedReplicas: number;
  /** Why no request can come in there at all; undefined when the gateway is up. */
  readonly closed: string | undefined;
  /** The agent routes by the weights of this step. */
  readonly applied: boolean;
  /** What both revisions answered since the step began; undefined before. */
  readonly traffic: Baseline | undefined;
}

export type RolloutMove =
  | { readonly kind: 'wait' }
  | { readonly kind: 'set-weight'; readonly step: number; readonly judgement?: RolloutJudgement }
  | { readonly kind: 'begin-judging' }
  | { readonly kind: 'promote' }
  | { readonly kind: 'extend'; readonly judgement: RolloutJudgement }
  | { readonly kind: 'pause'; readonly judgement: RolloutJudgement }
  | { readonly kind: 'fail'; readonly reason: string; readonly judgement?: RolloutJudgement };

const wait: RolloutMove = { kind: 'wait' };

/** What a rollout does next. Pure: the same view gives the same move. */
export function nextMove(view: RolloutView): RolloutMove {
  const { rollout, replicas } = view;
  const failing = replicas.find(({ state }) => state === 'failing');
  if (failing !== undefined) return { kind: 'fail', reason: `a replica does not stay up: ${failing.reason ?? 'no reason is known'}` };
  if (rollout.state === 'pending') return fromPending(view);
  if (rollout.state === 'progressing') {
    if (!view.applied || view.closed !== undefined) return wait;
    return weightOf(rollout) === 100 ? { kind: 'promote' } : { kind: 'begin-judging' };
  }
  return rollout.state === 'judging' ? fromJudging(view) : wait;
}

export function weightOf({ steps, step }: Pick<Rollout, 'steps' | 'step'>): number {
  return steps[step] ?? 100;
}

function fromPending({ rollout, spec, now, replicas, wantedReplicas, closed }: RolloutView): RolloutMove {
  const ready = replicas.filter(({ state }) => state === 'ready').length;
  if (ready >= wantedReplicas && closed === undefined) return { kind: 'set-weight', step: 0 };
  if (now - rollout.startedAt <= spec.startTimeoutMs) return wait;
  const told = closed ?? replicas.find(({ reason }) => reason !== undefined)?.reason;
  const seconds = Math.round(spec.startTimeoutMs / 1000);
  const reason = `${ready} of ${wantedReplicas} replicas were ready within ${seconds} s${told === undefined ? '' : `: ${told}`}`;
  return { kind: 'fail', reason };
}

function fromJudging({ rollout, spec, now, traffic }: RolloutView): RolloutMove {
  if (traffic === undefined) return wait;
  const judgement = judgeRollout(traffic.stable, traffic.candidate, spec.rules);
  if (judgement.verdict === 'failed') {
    const failed = judgement.checks.filter(({ outcome }) => outcome === 'failed').map(({ explanation }) => explanation);
    return { kind: 'fail', reason: failed.join(' '), judgement };
  }
  if (judgement.verdict === 'passed') return { kind: 'set-weight', step: rollout.step + 1, judgement };
  if (now - rollout.stateAt <= spec.stepTimeoutMs * (rollout.extensions + 1)) return wait;
  return { kind: rollout.extensions < spec.extensions ? 'extend' : 'pause', judgement };
}
