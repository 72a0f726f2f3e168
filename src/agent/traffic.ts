import type { Tensor } from '#kernel/inference/index.ts';
import { type Counter, type NumericHistogram, numericCounter } from '#kernel/statistics/index.ts';
import { type AgentReport, latencyEdges, packHistogram, scoreEdges } from '#serving/index.ts';

/** What one revision answered since this agent began to serve it. */
export interface RevisionTraffic {
  answered(latencyMs: number, rows: number, scores: Iterable<number>): void;
  failed(rows: number): void;
  readonly requests: number;
  report(revision: string): AgentReport['traffic'][number];
}

export function countTraffic(since: number, scoreRange: readonly [number, number]): RevisionTraffic {
  const latency: Counter<number, NumericHistogram> = numericCounter(latencyEdges);
  const scores: Counter<number, NumericHistogram> = numericCounter(scoreEdges(scoreRange));
  let [requests, rows, errors] = [0, 0, 0];
  return {
    answered(latencyMs, answeredRows, values) {
      requests += 1;
      rows += answeredRows;
      latency.add(latencyMs);
      for (const value of values) scores.add(value);
    },
    failed(askedRows) {
      requests += 1;
      rows += askedRows;
      errors += 1;
    },
    get requests() {
      return requests;
    },
    report: (revision) => ({
      revision,
      since,
      requests,
      rows,
      errors,
      latency: packHistogram(latency.snapshot()),
      scores: packHistogram(scores.snapshot()),
    }),
  };
}

const noScores: readonly number[] = [];

/**
 * The score of each row: of the named output, else of the first one of floating point. One element a row is the score; of two, the
 * probabilities of both classes, it is the second.
 */
export function scoresOf(outputs: readonly Tensor[], named: string | undefined, rows: number): Iterable<number> {
  const output = outputs.find(({ name, datatype }) => (named === undefined ? datatype === 'FP32' || datatype === 'FP64' : name === named));
  if (!(output?.data instanceof Float32Array || output?.data instanceof Float64Array)) return noScores;
  const { data } = output;
  if (data.length === rows) return data;
  return data.length === 2 * rows ? data.filter((_, index) => index % 2 === 1) : noScores;
}
