/** Maturity: the criteria catalogue evaluated from the event log. */
export { createMaturity } from './maturity.ts';
export { maturityMigrations } from './migrations.ts';
export { renderLadder } from './render-ladder.ts';
export type { AssessmentSummaryWire, AssessmentWire, VerificationWire } from './wire.ts';
