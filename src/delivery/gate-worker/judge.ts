import type { EvaluationFacts, LatencyFacts } from '../gates/gate-facts.ts';
import { evaluateGate } from '../gates/evaluate-gate.ts';
import type { GateCheck } from '../gates/gate-rules.ts';
import { type EvaluationTable, numbersOf, readEvaluationTable, slicesOf } from './evaluation-table.ts';
import { loadModel, type LoadedModel } from './loaded-model.ts';
import type { GateVerdictReport, GateWork, SmokeSample } from './protocol.ts';

const latencyCalls = 300;
const batchCalls = 20;
const batchRows = 256;
const smokeRows = 32;

interface Timings {
  readonly single: readonly number[];
  readonly batch: readonly number[];
  readonly batchRows: number;
}

interface Measured {
  readonly table: EvaluationTable;
  readonly candidate: Float64Array;
  readonly timings: Timings;
  readonly smoke: SmokeSample | undefined;
}

/** Runs the models over the rows and asks the gate. What cannot be done is a refusal with its reason, never an exception. */
export async function judge(work: GateWork): Promise<GateVerdictReport> {
  const problems: GateCheck[] = [];
  const attempt = async <Result>(name: string, task: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await task();
    } catch (error) {
      problems.push({ name, outcome: 'refused', missing: true, explanation: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  };
  const measured = await attempt('candidate_evaluated', () => measureCandidate(work));
  const { production } = work;
  const opponent =
    measured === undefined || production === undefined
      ? undefined
      : await attempt('production_evaluated', () => withModel(production, (model) => model.score(measured.table)));
  const latency = measured === undefined ? undefined : latencyFacts(measured.timings);
  const evaluation = measured === undefined ? undefined : evaluationFacts(measured, opponent);
  const verdict = evaluateGate({ ...work.facts, evaluation, latency }, work.rules);
  return {
    checks: [...problems, ...verdict.checks],
    measurements: {
      rows: measured?.table.rows ?? 0,
      latencyP50Ms: quantile(measured?.timings.single, 0.5),
      latencyP99Ms: latency?.p99Ms,
      batchP50Ms: quantile(measured?.timings.batch, 0.5),
      batchRows: measured?.timings.batchRows,
    },
    smoke: measured?.smoke,
  };
}

async function measureCandidate(work: GateWork): Promise<Measured> {
  const table = readEvaluationTable(work.rows);
  if (table.rows === 0) throw new Error('The evaluation file has no rows.');
  return withModel(work.candidate, async (model) => {
    const candidate = await model.score(table);
    const rows = Math.min(batchRows, table.rows);
    const single = await model.time(table, latencyCalls, 1);
    const batch = await model.time(table, batchCalls, rows);
    const smoke = model.smoke(table, candidate, smokeRows);
    return { table, candidate, timings: { single, batch, batchRows: rows }, smoke };
  });
}

async function withModel<Result>(file: GateWork['candidate'], use: (model: LoadedModel) => Promise<Result>): Promise<Result> {
  const model = await loadModel(file);
  try {
    return await use(model);
  } finally {
    await model.close();
  }
}

function evaluationFacts({ table, candidate }: Measured, production: Float64Array | undefined): EvaluationFacts {
  const labels = numbersOf(table, 'label') ?? new Float64Array(table.rows).fill(Number.NaN);
  return { labels, candidate, production, baseline: numbersOf(table, 'baseline_score'), slices: slicesOf(table) };
}

function latencyFacts({ single }: Timings): LatencyFacts {
  return { requests: single.length, errors: 0, p99Ms: quantile(single, 0.99) ?? Number.NaN };
}

function quantile(values: readonly number[] | undefined, share: number): number | undefined {
  if (values === undefined) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}
