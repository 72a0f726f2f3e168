/** The assessment and the catalogue as JSON: for the API, for `ripen assess --json` and, as types, for the web. */
import * as z from 'zod';
import { catalogue as currentCatalogue } from './criteria/catalogue.ts';
import { thresholdText } from './explain.ts';
import { type Assessment, type Catalogue, criterionStates, type PlacedCriterion, stages } from './model.ts';
import { stageTitles } from './stages.ts';

const stageSchema = z.enum(stages);
const stageReachedSchema = z.enum(['none', ...stages]);
const score = z.number().min(0).max(1);
const time = z.number().int().describe('Epoch milliseconds.');
const eventNumbers = z.array(z.number().int().positive());

export const criterionSchema = z.object({
  id: z.string(),
  stage: stageSchema,
  capability: z.object({ slug: z.string(), title: z.string() }),
  title: z.string(),
  weight: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  must: z.boolean(),
  threshold: z.object({
    value: z.number(),
    unit: z.enum(['share', 'count', 'minutes', 'days', 'per-week']),
    comparison: z.enum(['at-least', 'at-most']),
    text: z.string(),
  }),
  windowDays: z.number().int().positive().nullable().describe('null: the whole history.'),
  minimumSample: z.number().int().positive(),
  source: z.string(),
  explanation: z.string(),
  nextStep: z.object({ text: z.string(), command: z.string().nullable(), page: z.string().nullable() }),
  measured: z.boolean().describe('Whether events can prove it today.'),
  provedBy: z.string().nullable().describe('What will prove a criterion that is not yet measurable.'),
});

export const catalogueSchema = z.object({ version: z.string(), criteria: z.array(criterionSchema) });

export const criterionResultSchema = z.object({
  criterion: criterionSchema,
  state: z.enum(criterionStates),
  score,
  value: z.number().nullable(),
  numerator: z.number(),
  denominator: z.number(),
  evidence: eventNumbers.describe('Newest events that speak for it.'),
  counterEvidence: eventNumbers.describe('Newest events that speak against it.'),
  missing: z.array(z.string()),
  explanation: z.string(),
  since: time,
});

export const stageResultSchema = z.object({
  stage: stageSchema,
  title: z.string(),
  shown: z.boolean().describe('What this assessment alone shows.'),
  reached: z.boolean().describe('What counts, by the rules on keeping and losing a stage.'),
  reachedAt: time.nullable(),
  mustFailingSince: time.nullable(),
  score,
  weakest: z.object({ capability: z.string(), score }).nullable(),
  passed: z.number().int(),
  total: z.number().int(),
  noData: z.number().int(),
  notMeasurable: z.number().int(),
  notApplicable: z.number().int(),
  missingMusts: z.array(z.string()),
  volume: z.array(z.object({ text: z.string(), observed: z.number(), needed: z.number() })),
});

export const assessmentSchema = z.object({
  project: z.string(),
  catalogueVersion: z.string(),
  at: time,
  upTo: z.number().int().nonnegative(),
  stage: stageReachedSchema,
  stageTitle: z.string(),
  stages: z.array(stageResultSchema),
  criteria: z.array(criterionResultSchema),
  nextSteps: z.array(z.object({ criterion: z.string(), gain: score })),
  evidenceRoot: z.string().regex(/^[0-9a-f]{64}$/),
});

export type CriterionWire = z.infer<typeof criterionSchema>;
export type CatalogueWire = z.infer<typeof catalogueSchema>;
export type CriterionResultWire = z.infer<typeof criterionResultSchema>;
export type StageResultWire = z.infer<typeof stageResultSchema>;
export type AssessmentWire = z.infer<typeof assessmentSchema>;

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
