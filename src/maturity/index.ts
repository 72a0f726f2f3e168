/** Maturity: the criteria catalogue evaluated from the event log. */
export { assess, type AssessOptions } from './assessment.ts';
export { catalogue } from './criteria/catalogue.ts';
export { emptyFacts, type Facts, foldEvent, foldEvents, type MaturityEvent } from './facts.ts';
export { continueFrom } from './falling-back.ts';
export { createMaturity, type Maturity } from './maturity.ts';
export { maturityMigrations } from './migrations.ts';
export type { Assessment, CriterionResult, CriterionState, RecordedAssessment, Stage, StageReached, StageResult } from './model.ts';
export { renderLadder, type RenderOptions } from './render-ladder.ts';
export { stageTitles } from './stages.ts';
export { assessmentToWire, catalogueToWire } from './to-wire.ts';
export type {
  AssessmentSummaryWire,
  AssessmentWire,
  CatalogueWire,
  CriterionResultWire,
  CriterionWire,
  StageResultWire,
  VerificationWire,
} from './wire.ts';
