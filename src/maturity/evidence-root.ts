/**
 * One hash over everything that an assessment rests on. Whoever has the events up to the same number can fold and assess
 * them again and must get the same root; with the log's Merkle proofs of the named events the assessment can be proved.
 *
 * The root is sha256 over lines of text, each ended by a line feed, criteria sorted by id:
 * `ripen-evidence 1`, the project, the catalogue version, the last event number, the time of the assessment, the chain of the
 * facts, then for each criterion `id state numerator/denominator +evidence -counterEvidence` with event numbers in order.
 */
import { createHash } from 'node:crypto';
import type { CriterionResult } from './model.ts';

export interface EvidenceInput {
  readonly project: string;
  readonly catalogueVersion: string;
  readonly upTo: number;
  readonly at: number;
  /** The facts' chain over every event that counted: binds the events that the bounded evidence lists leave out. */
  readonly chain: string;
  readonly criteria: readonly CriterionResult[];
}

export function evidenceRoot(input: EvidenceInput): string {
  const hash = createHash('sha256');
  const line = (text: string): void => void hash.update(`${text}\n`);
  for (const text of ['ripen-evidence 1', input.project, input.catalogueVersion, String(input.upTo), String(input.at), input.chain])
    line(text);
  for (const result of input.criteria.toSorted((a, b) => (a.criterion < b.criterion ? -1 : 1))) line(evidenceLine(result));
  return hash.digest('hex');
}

function evidenceLine(result: CriterionResult): string {
  const sorted = (numbers: readonly number[]): string => numbers.toSorted((a, b) => a - b).join(',');
  const { criterion, state, numerator, denominator } = result;
  return `${criterion} ${state} ${numerator}/${denominator} +${sorted(result.evidence)} -${sorted(result.counterEvidence)}`;
}
