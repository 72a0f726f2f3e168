import { trackingErrors } from '../errors.ts';
import type { Run, RunInput } from '../model.ts';
import { limits } from '../names.ts';
import { getRun } from './runs.ts';
import type { Workshop } from '../service.ts';

/** One fact of several runs, in the order of the runs; undefined where a run lacks it. */
export interface ComparedRow<Value> {
  readonly name: string;
  readonly values: readonly (Value | undefined)[];
  /** Not all runs have the same value. */
  readonly differs: boolean;
}

export interface RunComparison {
  readonly runs: readonly Run[];
  readonly parameters: readonly ComparedRow<string>[];
  readonly metrics: readonly ComparedRow<number>[];
  readonly tags: readonly ComparedRow<string>[];
  /** Each dataset with the snapshots that a run read of it. */
  readonly inputs: readonly ComparedRow<string>[];
  /** commit, code digest, environment digest, compute target and the like. */
  readonly origin: readonly ComparedRow<string>[];
}

/** @throws `tracking.run-not-found`, `tracking.too-many-runs` */
export async function compareRuns(workshop: Workshop, project: string, ids: readonly string[]): Promise<RunComparison> {
  if (ids.length > limits.runsAtOnce) throw trackingErrors['too-many-runs']({ count: ids.length, limit: limits.runsAtOnce });
  const runs: Run[] = [];
  for (const run of new Set(ids)) runs.push(await getRun(workshop, { run, project }));
  return comparisonOf(runs);
}

export function comparisonOf(runs: readonly Run[]): RunComparison {
  return {
    runs,
    parameters: rowsOf(runs.map((run) => new Map(Object.entries(run.parameters)))),
    metrics: rowsOf(runs.map((run) => new Map(run.metrics.map(({ name, value }) => [name, value])))),
    tags: rowsOf(runs.map((run) => new Map(Object.entries(run.tags)))),
    inputs: rowsOf(runs.map((run) => inputsByDataset(run.inputs))),
    origin: rowsOf(runs.map(originOf)),
  };
}

/** Rows that differ come first, then by name. */
export function rowsOf<Value>(facts: readonly ReadonlyMap<string, Value>[]): ComparedRow<Value>[] {
  const names = [...new Set(facts.flatMap((of) => [...of.keys()]))].toSorted();
  const rows = names.map((name) => {
    const values = facts.map((of) => of.get(name));
    return { name, values, differs: values.some((value) => !Object.is(value, values[0])) };
  });
  return rows.toSorted((a, b) => Number(b.differs) - Number(a.differs));
}

function inputsByDataset(inputs: readonly RunInput[]): Map<string, string> {
  const byDataset = new Map<string, string[]>();
  for (const { dataset, snapshot, digest } of inputs) {
    byDataset.set(dataset, [...(byDataset.get(dataset) ?? []), snapshot === undefined ? digest : `@${snapshot} ${digest}`]);
  }
  return new Map([...byDataset].map(([dataset, versions]) => [dataset, versions.toSorted().join(', ')]));
}

function originOf(run: Run): Map<string, string> {
  const { commit, dirty, codeDigest, environmentDigest, pipelineRun, computeTarget } = run;
  const facts = {
    commit,
    dirty: dirty === undefined ? undefined : String(dirty),
    codeDigest,
    environmentDigest,
    pipelineRun,
    computeTarget,
  };
  return new Map(Object.entries(facts).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
