import { aucWithError, benjaminiHochberg, pValueOfZ, type ScoredRows } from '#kernel/statistics/index.ts';

import type { EvaluationFacts, EvaluationSlice, GateFacts } from './gate-facts.ts';
import { figure, missingFact, type GateCheck, type GateRules } from './gate-rules.ts';

type FloorRules = NonNullable<GateRules['sliceFloors']>;

interface JudgedSlice {
  readonly slice: string;
  readonly rows: number;
  readonly auc: number;
  readonly floor: number;
  /** Chance of a figure this low when the slice really is at its floor. */
  readonly pValue: number;
}

const name = 'slice_floors';
const falseDiscoveryRate = 0.05;

/** No part of the rows may fall under its floor; many slices are tested, so chance is corrected over all of them. */
export function sliceFloors({ evaluation: all }: GateFacts, rules: GateRules): readonly GateCheck[] {
  const floors = rules.sliceFloors;
  if (floors === undefined) return [];
  if (all === undefined || all.slices.length === 0) return [missingFact(name, 'The evaluation has no slices.')];
  const absent = floors.by?.find((by) => !all.slices.some(({ slice }) => slice.startsWith(`${by}=`)));
  if (absent !== undefined) return [missingFact(name, `The evaluation has no slices by ${absent}.`)];
  const asked = all.slices.filter(({ slice }) => floors.by?.some((by) => slice.startsWith(`${by}=`)) ?? true);
  const evaluation = { ...all, slices: asked };
  const wrong = whyUnusable(evaluation, floors);
  if (wrong !== undefined) return [missingFact(name, wrong)];
  const judged = evaluation.slices.flatMap((slice) => judge(slice, { evaluation, floors }));
  if (judged.length === 0) {
    return [missingFact(name, `No slice has ${floors.minimumRows} rows with both classes.`)];
  }
  const under = slicesUnder(judged, floors);
  const lowest = judged.reduce((worst, slice) => (slice.auc - slice.floor < worst.auc - worst.floor ? slice : worst));
  const left = evaluation.slices.length - judged.length;
  const unjudged = left === 0 ? '' : ` ${left} smaller or one-sided ${left === 1 ? 'slice was' : 'slices were'} not judged.`;
  const verdict =
    under.length === 0
      ? `None of ${judged.length} slices is under its floor; the nearest is ${describe(lowest)}.`
      : `${under.length} of ${judged.length} slices are under their floor: ${under.slice(0, 5).map(describe).join('; ')}.`;
  const outcome = under.length === 0 ? 'passed' : 'refused';
  const shown = under[0] ?? lowest;
  return [{ name, outcome, value: shown.auc, threshold: shown.floor, explanation: verdict + unjudged }];
}

function slicesUnder(judged: readonly JudgedSlice[], { test }: FloorRules): readonly JudgedSlice[] {
  const adjusted = benjaminiHochberg(judged.map((slice) => slice.pValue));
  return judged
    .filter((slice, index) => slice.auc < slice.floor && (test === 'point' || (adjusted[index] ?? 0) <= falseDiscoveryRate))
    .toSorted((a, b) => a.auc - a.floor - (b.auc - b.floor));
}

function judge(
  { slice, rows }: EvaluationSlice,
  { evaluation, floors }: { readonly evaluation: EvaluationFacts; readonly floors: FloorRules },
): readonly JudgedSlice[] {
  if (rows.length < floors.minimumRows) return [];
  const scored: ScoredRows = {
    labels: Float64Array.from(rows, (row) => evaluation.labels[row] ?? Number.NaN),
    scores: Float64Array.from(rows, (row) => evaluation.candidate[row] ?? Number.NaN),
  };
  const measured = aucWithError(scored);
  if (measured === undefined) return [];
  const own = floors.floors !== undefined && Object.hasOwn(floors.floors, slice) ? floors.floors[slice] : undefined;
  const floor = own ?? floors.floor;
  return [{ slice, rows: rows.length, auc: measured.auc, floor, pValue: chanceOf(measured.auc - floor, measured.standardError) }];
}

// A slice that the model ranks perfectly wrong has no spread; nothing is left to chance then.
function chanceOf(excess: number, standardError: number): number {
  if (standardError > 0) return pValueOfZ(excess / standardError, 'less');
  return excess < 0 ? 0 : 1;
}

function describe({ slice, rows, auc, floor }: JudgedSlice): string {
  return `${slice} with AUC ${figure(auc)} (floor ${figure(floor)}, ${rows} rows)`;
}

function whyUnusable({ labels, candidate, slices }: EvaluationFacts, floors: FloorRules): string | undefined {
  if (candidate.length !== labels.length) return 'The scores do not belong to the evaluation rows.';
  if (!Array.from(candidate).every(Number.isFinite)) return 'Some scores of the candidate are not numbers.';
  if (!Array.from(labels).every((label) => label === 0 || label === 1)) return 'Some labels are neither 0 nor 1.';
  const limits = [floors.floor, floors.minimumRows, ...Object.values(floors.floors ?? {})];
  if (!limits.every(Number.isFinite)) return 'Some floors are not numbers.';
  const stray = slices.find(({ rows }) => Array.from(rows).some((row) => !(row >= 0 && row < labels.length)));
  return stray === undefined ? undefined : `The slice ${stray.slice} names rows that the evaluation does not have.`;
}
