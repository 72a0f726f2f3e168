/** Which missing criterion brings a project furthest. */
import { type Catalogue, type CriterionResult, type PlacedCriterion, type Stage, stages, type StageResult, type Step } from './model.ts';

const stepsShown = 3;

interface Candidate {
  readonly rule: PlacedCriterion;
  readonly result: CriterionResult;
}

/**
 * The lowest open stage first, in it what can be proved today, musts, weight, and then what is nearest to being met.
 * What no event proves yet comes last: nobody can take that step now.
 */
export function nextSteps(
  catalogue: Catalogue,
  results: readonly CriterionResult[],
  stageResults: readonly StageResult[],
): readonly Step[] {
  const byId = new Map(results.map((result) => [result.criterion, result]));
  const open = catalogue.criteria.flatMap((rule): Candidate[] => {
    const result = byId.get(rule.id);
    return result === undefined || result.state === 'pass' || result.state === 'not_applicable' ? [] : [{ rule, result }];
  });
  const lowest = stages.findIndex((stage) => stageResults.some((result) => result.stage === stage && !result.reached));
  const later = (rule: PlacedCriterion): number => (stages.indexOf(rule.stage) < lowest ? stages.length : stages.indexOf(rule.stage));
  const rank = ({ rule, result }: Candidate): readonly number[] => [
    result.state === 'not_measurable' ? 1 : 0,
    later(rule),
    rule.must ? 0 : 1,
    -rule.weight,
    -result.score,
  ];
  const sorted = open.toSorted((a, b) => compare(rank(a), rank(b)));
  return sorted.slice(0, stepsShown).map(({ rule, result }) => ({ criterion: rule.id, gain: gain(catalogue, byId, rule, result) }));
}

function gain(catalogue: Catalogue, byId: ReadonlyMap<string, CriterionResult>, rule: PlacedCriterion, result: CriterionResult): number {
  return (rule.weight * (1 - result.score)) / applicableWeight(catalogue, byId, rule.stage);
}

function applicableWeight(catalogue: Catalogue, byId: ReadonlyMap<string, CriterionResult>, stage: Stage): number {
  const counted = catalogue.criteria.filter((rule) => rule.stage === stage && byId.get(rule.id)?.state !== 'not_applicable');
  return counted.reduce((total, rule) => total + rule.weight, 0);
}

function compare(left: readonly number[], right: readonly number[]): number {
  const differing = left.findIndex((value, index) => value !== right[index]);
  return differing < 0 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
}
