/** Runs and pipeline runs: what each was bound to, what it recorded, what started it. */
import { datasetOf, type DataFacts } from './data.ts';
import { flag, isSha256, type MaturityEvent, number, record, records, text } from './event.ts';
import { get, has, put, type Table } from './table.ts';
import { add, type Tally } from './tally.ts';

export interface Run {
  number: number;
  time: number;
  pipelineRun: string | undefined;
  /** Time of the commit that was run, where the run names it. */
  commitTime: number | undefined;
}

export interface PipelineRun {
  number: number;
  /** A person started it by hand. */
  manual: boolean;
}

export interface RunFacts {
  count: number;
  pipelineRunCount: number;
  runs: Table<Run>;
  pipelineRuns: Table<PipelineRun>;
  onCompute: Tally;
  cleanCommit: Tally;
  versionedInputs: Tally;
  pinnedEnvironment: Tally;
  resourcesKnown: Tally;
  tracked: Tally;
  triggered: Tally;
  dependable: Tally;
}

export function emptyRuns(): RunFacts {
  return {
    count: 0,
    pipelineRunCount: 0,
    runs: {},
    pipelineRuns: {},
    onCompute: {},
    cleanCommit: {},
    versionedInputs: {},
    pinnedEnvironment: {},
    resourcesKnown: {},
    tracked: {},
    triggered: {},
    dependable: {},
  };
}

export function foldRuns(facts: RunFacts, data: DataFacts, event: MaturityEvent): void {
  if (event.type === 'run.started') startRun(facts, data, event);
  else if (event.type === 'run.finished') finishRun(facts, event);
  else if (event.type === 'pipeline.run.started') startPipelineRun(facts, event);
  else if (event.type === 'pipeline.run.finished') finishPipelineRun(facts, event);
  else if (event.type === 'model.version.registered') {
    // A model that came out of no known run is training that was not tracked.
    const run = text(event.data, 'run');
    if (run === undefined || !has(facts.runs, run)) add(facts.tracked, event, false);
  }
}

function startRun(facts: RunFacts, datasets: DataFacts, event: MaturityEvent): void {
  const { data } = event;
  facts.count += 1;
  const environment = text(data, 'environmentDigest') !== undefined;
  const inputs = records(data, 'inputs');
  add(facts.onCompute, event, text(data, 'computeTarget') !== undefined && environment);
  add(facts.cleanCommit, event, text(data, 'commit') !== undefined && flag(data, 'dirty') === false);
  add(facts.versionedInputs, event, inputs.length > 0 && inputs.every((input) => isSha256(text(input, 'digest'))));
  add(facts.pinnedEnvironment, event, environment);
  for (const input of inputs) {
    const name = text(input, 'dataset');
    if (name !== undefined) datasetOf(datasets, name, event).usedInTraining = event.number;
  }
  const run = text(data, 'run');
  if (run === undefined) return;
  const row = { number: event.number, time: event.time, pipelineRun: text(data, 'pipelineRun'), commitTime: number(data, 'commitTime') };
  put(facts.runs, [run], row);
}

function finishRun(facts: RunFacts, event: MaturityEvent): void {
  const { data } = event;
  const known = ['durationMs', 'cpuMs', 'peakMemoryBytes'].every((key) => number(data, key) !== undefined);
  add(facts.resourcesKnown, event, known);
  // A run that died before it could record anything says nothing about tracking.
  if (text(data, 'outcome') !== 'finished') return;
  add(facts.tracked, event, (number(data, 'metrics') ?? 0) > 0 && (number(data, 'parameters') ?? 0) > 0);
}

function startPipelineRun(facts: RunFacts, event: MaturityEvent): void {
  facts.pipelineRunCount += 1;
  const kind = text(record(event.data, 'trigger'), 'kind') ?? 'manual';
  const triggered = kind !== 'manual' && kind !== 'backfill';
  add(facts.triggered, event, triggered);
  const pipelineRun = text(event.data, 'pipelineRun');
  if (pipelineRun === undefined || get(facts.pipelineRuns, pipelineRun) !== undefined) return;
  put(facts.pipelineRuns, [pipelineRun], { number: event.number, manual: !triggered && event.actor.kind === 'person' });
}

function finishPipelineRun(facts: RunFacts, event: MaturityEvent): void {
  const outcome = text(event.data, 'outcome');
  // Somebody stopped it on purpose: neither dependable nor not.
  if (outcome !== 'cancelled') add(facts.dependable, event, outcome === 'succeeded');
}
