/** From the domain to the shapes of wire.ts. */
import { catalogue as currentCatalogue } from './criteria/catalogue.ts';
import { thresholdText } from './explain.ts';
import type { Assessment, Catalogue, PlacedCriterion, RecordedAssessment } from './model.ts';
import { stageTitles } from './stages.ts';
import type { AssessmentSummaryWire, AssessmentWire, CatalogueWire, CriterionWire } from './wire.ts';

/** `project` fills in the pages of the next steps. */
export function criterionToWire(rule: PlacedCriterion, project?: string): CriterionWire {
  const { id, stage, title, weight, must, minimumSample, source, explanation, threshold, nextStep } = rule;
  const page = nextStep.page ?? null;
  return {
    id,
    stage,
    capability: { slug: rule.capability.slug, title: rule.capability.title },
    title,
    weight,
    must,
    threshold: { ...threshold, text: thresholdText(threshold) },
    windowDays: rule.windowDays === 'all' ? null : rule.windowDays,
    minimumSample,
    source,
    explanation,
    nextStep: {
      text: nextStep.text,
      command: nextStep.command ?? null,
      page: page === null || project === undefined ? page : page.replace(':project', encodeURIComponent(project)),
    },
    measured: rule.measure !== undefined,
    provedBy: rule.provedBy ?? null,
  };
}

export function catalogueToWire(catalogue: Catalogue = currentCatalogue): CatalogueWire {
  return { version: catalogue.version, criteria: catalogue.criteria.map((rule) => criterionToWire(rule)) };
}

export function assessmentToWire(assessment: Assessment, catalogue: Catalogue = currentCatalogue): AssessmentWire {
  const rules = new Map(catalogue.criteria.map((rule) => [rule.id, rule]));
  return {
    project: assessment.project,
    catalogueVersion: assessment.catalogueVersion,
    at: assessment.at,
    upTo: assessment.upTo,
    stage: assessment.stage,
    stageTitle: stageTitles[assessment.stage],
    stages: assessment.stages.map((result) => ({
      ...result,
      title: stageTitles[result.stage],
      reachedAt: result.reachedAt ?? null,
      mustFailingSince: result.mustFailingSince ?? null,
      weakest: result.weakest ?? null,
      missingMusts: [...result.missingMusts],
      volume: [...result.volume],
    })),
    // A criterion that a newer catalogue dropped is not shown.
    criteria: assessment.criteria.flatMap((result) => {
      const rule = rules.get(result.criterion);
      return rule === undefined
        ? []
        : [
            {
              ...result,
              criterion: criterionToWire(rule, assessment.project),
              value: result.value ?? null,
              evidence: [...result.evidence],
              counterEvidence: [...result.counterEvidence],
              missing: [...result.missing],
            },
          ];
    }),
    nextSteps: [...assessment.nextSteps],
    evidenceRoot: assessment.evidenceRoot,
  };
}

export function summaryToWire({ id, assessment }: RecordedAssessment): AssessmentSummaryWire {
  const { at, upTo, catalogueVersion, stage, evidenceRoot } = assessment;
  return {
    id,
    at,
    upTo,
    catalogueVersion,
    stage,
    evidenceRoot,
    stages: assessment.stages.map(({ stage: name, reached, score: weighted, passed, total }) => ({
      stage: name,
      reached,
      score: weighted,
      passed,
      total,
    })),
    scores: Object.fromEntries(assessment.criteria.map((result) => [result.criterion, result.score])),
  };
}
