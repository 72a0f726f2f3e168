/** The assessment and the catalogue as JSON: for the API, for `ripen assess --json` and, as types, for the web. */
import * as z from 'zod';
import { criterionStates, stages } from './model.ts';

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

export const assessmentSummarySchema = z.object({
  id: z.string(),
  at: time,
  upTo: z.number().int().nonnegative(),
  catalogueVersion: z.string(),
  stage: stageReachedSchema,
  evidenceRoot: z.string(),
  stages: z.array(stageResultSchema.pick({ stage: true, reached: true, score: true, passed: true, total: true })),
  scores: z.record(z.string(), score).describe('Score by criterion, for trends.'),
});

export const verificationSchema = z.object({
  assessment: z.string(),
  ok: z.boolean(),
  recordedRoot: z.string(),
  computedRoot: z.string().nullable().describe('null: made by another catalogue, whose rules are not here any more.'),
  recordedCatalogue: z.string(),
});

export type AssessmentSummaryWire = z.infer<typeof assessmentSummarySchema>;
export type VerificationWire = z.infer<typeof verificationSchema>;
export type CriterionWire = z.infer<typeof criterionSchema>;
export type CatalogueWire = z.infer<typeof catalogueSchema>;
export type CriterionResultWire = z.infer<typeof criterionResultSchema>;
export type StageResultWire = z.infer<typeof stageResultSchema>;
export type AssessmentWire = z.infer<typeof assessmentSchema>;
