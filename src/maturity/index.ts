/** Maturity: the criteria catalogue evaluated from the event log. */
export { assess, type AssessOptions } from './assessment.ts';
export { catalogue } from './criteria/catalogue.ts';
export { evidenceRoot, type EvidenceInput } from './evidence-root.ts';
export { emptyFacts, type Facts, factsFormat, foldEvent, foldEvents, type MaturityEvent } from './facts.ts';
export { continueFrom } from './falling-back.ts';
export {
  type Assessment,
  type Catalogue,
  type Criterion,
  type CriterionResult,
  type CriterionState,
  type PlacedCriterion,
  type Stage,
  stages,
  type StageReached,
  type StageResult,
  type Step,
} from './model.ts';
export { renderLadder, type RenderOptions } from './render-ladder.ts';
export { stageTitles } from './stages.ts';
export {
  assessmentSchema,
  assessmentToWire,
  type AssessmentWire,
  catalogueSchema,
  catalogueToWire,
  type CatalogueWire,
  type CriterionResultWire,
  type CriterionWire,
  type StageResultWire,
} from './wire.ts';
