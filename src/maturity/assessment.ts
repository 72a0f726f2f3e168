/** The whole ladder over the facts: pure, so that the same events at the same moment always give the same assessment. */
import { catalogue as currentCatalogue } from './criteria/catalogue.ts';
import { evaluateCriterion } from './evaluate-criterion.ts';
import { evaluateStage } from './evaluate-stage.ts';
import { evidenceRoot } from './evidence-root.ts';
import type { Facts } from './facts.ts';
import { type Assessment, type Catalogue, stages, type StageReached, type StageResult } from './model.ts';
import { nextSteps } from './next-step.ts';

export interface AssessOptions {
  /** The moment of the assessment; without it, the time of the newest event. */
  readonly at?: number;
  readonly catalogue?: Catalogue;
}

/**
 * What the facts show, each stage judged on this evidence alone. For the rules by which a reached stage is kept or lost over
 * time, and for how long a state has held, see `continueFrom`.
 */
export function assess(facts: Facts, options: AssessOptions = {}): Assessment {
  const { at = facts.lastTime, catalogue = currentCatalogue } = options;
  const criteria = catalogue.criteria.map((rule) => evaluateCriterion(rule, facts, at));
  const results = new Map(criteria.map((result) => [result.criterion, result]));
  const stageResults: StageResult[] = [];
  for (const stage of stages) {
    const below = stageResults.every((result) => result.shown);
    stageResults.push(evaluateStage({ stage, criteria: catalogue.criteria, results, facts, below, at }));
  }
  const { project, upTo, chain } = facts;
  return {
    project,
    catalogueVersion: catalogue.version,
    at,
    upTo,
    stage: highestReached(stageResults),
    stages: stageResults,
    criteria,
    nextSteps: nextSteps(catalogue, criteria, stageResults),
    evidenceRoot: evidenceRoot({ project, catalogueVersion: catalogue.version, upTo, at, chain, criteria }),
  };
}

export function highestReached(results: readonly StageResult[]): StageReached {
  const open = results.findIndex((result) => !result.reached);
  return results[(open < 0 ? results.length : open) - 1]?.stage ?? 'none';
}
