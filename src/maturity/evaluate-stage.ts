/** One stage over the results of its criteria. */
import type { Facts } from './facts.ts';
import type { CriterionResult, PlacedCriterion, Stage, StageResult } from './model.ts';
import { reachScore, volumeOf } from './stages.ts';

type Pair = readonly [rule: PlacedCriterion, result: CriterionResult];

export interface StageInput {
  readonly stage: Stage;
  readonly criteria: readonly PlacedCriterion[];
  readonly results: ReadonlyMap<string, CriterionResult>;
  readonly facts: Facts;
  /** Every stage below is shown. */
  readonly below: boolean;
  readonly at: number;
}

export function evaluateStage(input: StageInput): StageResult {
  const pairs = input.criteria.flatMap((rule): Pair[] => {
    const result = rule.stage === input.stage ? input.results.get(rule.id) : undefined;
    return result === undefined ? [] : [[rule, result]];
  });
  const count = (state: CriterionResult['state']): number => pairs.filter(([, result]) => result.state === state).length;
  const score = weightedScore(pairs);
  const missingMusts = pairs.filter(([rule, result]) => rule.must && !isMet(result)).map(([rule]) => rule.id);
  const volume = volumeOf(input.stage, input.facts);
  const enough = volume.every((one) => one.observed >= one.needed);
  const shown = input.below && score >= reachScore && missingMusts.length === 0 && enough;
  return {
    stage: input.stage,
    shown,
    reached: shown,
    reachedAt: shown ? input.at : undefined,
    mustFailingSince: undefined,
    score,
    weakest: weakestCapability(pairs),
    passed: count('pass'),
    total: pairs.length - count('not_applicable'),
    noData: count('no_data'),
    notMeasurable: count('not_measurable'),
    notApplicable: count('not_applicable'),
    missingMusts,
    volume,
  };
}

/** A must that does not apply cannot hold a stage back. */
const isMet = (result: CriterionResult): boolean => result.state === 'pass' || result.state === 'not_applicable';

/** Weighted mean of the scores. Only what does not apply is left out: missing data never raises a score. */
function weightedScore(pairs: readonly Pair[]): number {
  const applicable = pairs.filter(([, result]) => result.state !== 'not_applicable');
  const weight = applicable.reduce((total, [rule]) => total + rule.weight, 0);
  return weight === 0 ? 0 : applicable.reduce((total, [rule, result]) => total + rule.weight * result.score, 0) / weight;
}

function weakestCapability(pairs: readonly Pair[]): StageResult['weakest'] {
  const groups = Map.groupBy(pairs, ([rule]) => rule.capability.slug);
  const scores = [...groups].flatMap(([capability, group]) =>
    group.every(([, result]) => result.state === 'not_applicable') ? [] : [{ capability, score: weightedScore(group) }],
  );
  return scores.toSorted((a, b) => a.score - b.score)[0];
}
