/** How one assessment follows another: what was reached is kept through small dips, and lost by rule. */
import { highestReached } from './assessment.ts';
import { catalogue as currentCatalogue } from './criteria/catalogue.ts';
import type { Assessment, Catalogue, CriterionResult, StageResult } from './model.ts';
import { nextSteps } from './next-step.ts';
import { failAtOnce, keepScore, mustGraceMilliseconds } from './stages.ts';

/**
 * The current assessment in the light of the one before: a criterion's state keeps the time since which it holds, and a reached
 * stage is lost when its score falls below 0.75, when a must fails in two assessments at least 24 hours apart, when isolation,
 * four eyes or the audit chain fails, or when a stage below it is lost. The evidence root stays that of the current evidence.
 */
export function continueFrom(previous: Assessment | undefined, current: Assessment, catalogue: Catalogue = currentCatalogue): Assessment {
  if (previous === undefined) return current;
  const before = new Map(previous.criteria.map((result) => [result.criterion, result]));
  const criteria = current.criteria.map((result) => sameSince(before.get(result.criterion), result));
  const stages: StageResult[] = [];
  for (const result of current.stages) {
    const below = stages.every((stage) => stage.reached);
    const earlier = previous.stages.find((stage) => stage.stage === result.stage);
    stages.push(keepOrLose(earlier, result, { at: current.at, below }));
  }
  return { ...current, criteria, stages, stage: highestReached(stages), nextSteps: nextSteps(catalogue, criteria, stages) };
}

function sameSince(before: CriterionResult | undefined, now: CriterionResult): CriterionResult {
  return before !== undefined && before.state === now.state ? { ...now, since: before.since } : now;
}

function keepOrLose(
  before: StageResult | undefined,
  now: StageResult,
  moment: { readonly at: number; readonly below: boolean },
): StageResult {
  const wasReached = before?.reached === true;
  const reachedAt = wasReached ? before.reachedAt : moment.at;
  if (!moment.below) return { ...now, reached: false, reachedAt: undefined };
  if (now.missingMusts.length === 0 && (now.shown || (wasReached && now.score >= keepScore)) && enough(now)) {
    return { ...now, reached: true, reachedAt, mustFailingSince: undefined };
  }
  const failingSince = before?.mustFailingSince ?? moment.at;
  const kept = wasReached && enough(now) && mayStay(now, moment.at - failingSince);
  return kept ? { ...now, reached: true, reachedAt, mustFailingSince: failingSince } : { ...now, reached: false, reachedAt: undefined };
}

function mayStay(now: StageResult, failingFor: number): boolean {
  return now.score >= keepScore && failingFor < mustGraceMilliseconds && !now.missingMusts.some((id) => failAtOnce.has(id));
}

const enough = (result: StageResult): boolean => result.volume.every((one) => one.observed >= one.needed);
