/** Datasets and their snapshots: who produced them, what was checked, what is known about them. */
import { flag, isSha256, type MaturityEvent, number, record, text } from './event.ts';
import { get, put, type Table } from './table.ts';
import { add, type Tally } from './tally.ts';

export interface Dataset {
  name: string;
  catalogued: { owner: boolean; classification: string | undefined; retention: boolean };
  schema: boolean;
  /** The newest event that described it. */
  number: number;
  /** Snapshots that carry the result of a contract, among all. */
  tested: Tally;
  usedInTraining: number | undefined;
}

export interface DataFacts {
  datasets: Table<Dataset>;
  /** Digest by dataset and snapshot number. */
  snapshots: Table<{ digest: string; number: number }>;
  /** Snapshots that a pipeline produced, among all. */
  byPipeline: Tally;
  /** Contract checks that passed or blocked their data, among all checks. */
  guarded: Tally;
}

export function emptyData(): DataFacts {
  return { datasets: {}, snapshots: {}, byPipeline: {}, guarded: {} };
}

export function foldData(facts: DataFacts, event: MaturityEvent): void {
  const name = text(event.data, 'dataset');
  if (name === undefined) return;
  if (event.type === 'dataset.created' || event.type === 'dataset.updated') describe(datasetOf(facts, name, event), event);
  else if (event.type === 'dataset.snapshot.published') publish(facts, name, event);
  // What the contract kept out is data that was tested, and blocked.
  else if (event.type === 'dataset.load.quarantined') add(facts.guarded, event, true);
}

/** The dataset's row, made when a name is first seen. */
export function datasetOf(facts: DataFacts, name: string, event: MaturityEvent): Dataset {
  const existing = get(facts.datasets, name);
  if (existing !== undefined) return existing;
  const catalogued = { owner: false, classification: undefined, retention: false };
  const dataset: Dataset = { name, catalogued, schema: false, number: event.number, tested: {}, usedInTraining: undefined };
  put(facts.datasets, [name], dataset);
  return dataset;
}

function describe(dataset: Dataset, event: MaturityEvent): void {
  dataset.number = event.number;
  dataset.catalogued = {
    owner: text(event.data, 'owner') !== undefined,
    classification: text(event.data, 'classification'),
    retention: text(event.data, 'retention') !== undefined,
  };
}

function publish(facts: DataFacts, name: string, event: MaturityEvent): void {
  const dataset = datasetOf(facts, name, event);
  dataset.schema = text(event.data, 'schemaDigest') !== undefined;
  const contract = record(event.data, 'contract');
  const passed = flag(contract, 'passed');
  add(dataset.tested, event, passed !== undefined);
  if (passed !== undefined) add(facts.guarded, event, passed);
  add(facts.byPipeline, event, text(record(event.data, 'producer'), 'kind') === 'pipeline-run');
  const digest = text(event.data, 'digest');
  const snapshot = number(event.data, 'snapshot');
  if (digest === undefined || snapshot === undefined || !isSha256(digest)) return;
  put(facts.snapshots, [name, String(snapshot)], { digest, number: event.number });
}
