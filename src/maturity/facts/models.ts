/** Model versions: what each is made of, its card, and what the gates said about it. */
import { count, flag, isSha256, type MaturityEvent, record, records, text } from './event.ts';
import { type DeletedVersion, foldDeletions } from './deleted-models.ts';
import type { Facts } from '../facts.ts';
import { get, put, type Table } from './table.ts';

export interface GateResult {
  gate: string;
  outcome: string;
  number: number;
  time: number;
  /** Names of the checks that passed, and whether another version was compared with. */
  passedChecks: string[];
  compared: boolean;
}

export interface ModelVersion {
  model: string;
  version: string;
  number: number;
  time: number;
  run: string | undefined;
  trainer: string | undefined;
  digest: string | undefined;
  /** The model and each of its files have a sha256. */
  identified: boolean;
  signature: boolean;
  /** Run, code and every data snapshot were found among the recorded events. */
  chain: { run: boolean; code: boolean; data: boolean; events: number[] };
  card: { filled: number; required: number; number: number } | undefined;
  /** The newest result of each gate, by environment and gate. */
  gates: Table<GateResult & { environment: string }>;
}

export interface GateRecord {
  gate: string;
  number: number;
  time: number;
  lastRefusal: { number: number; time: number } | undefined;
}

export interface ModelFacts {
  versions: Table<ModelVersion>;
  /** In the recycle bin. */
  deleted: Table<DeletedVersion>;
  gates: Table<GateRecord>;
}

export function emptyModels(): ModelFacts {
  return { versions: {}, deleted: {}, gates: {} };
}

export function foldModels(facts: Facts, event: MaturityEvent): void {
  if (foldDeletions(facts.models, event)) return;
  const model = text(event.data, 'model');
  const version = text(event.data, 'version');
  if (model === undefined || version === undefined) return;
  if (event.type === 'model.version.registered') register(facts, event, { model, version });
  else if (event.type === 'model.card.updated') {
    const row = get(facts.models.versions, model, version);
    const required = count(event.data, 'requiredFields');
    if (row !== undefined && required !== undefined) {
      row.card = { filled: Math.min(count(event.data, 'filledFields') ?? 0, required), required, number: event.number };
    }
  } else if (event.type === 'gate.evaluated') judge(facts.models, event, get(facts.models.versions, model, version));
}

function register(facts: Facts, event: MaturityEvent, key: { model: string; version: string }): void {
  const { data } = event;
  const run = text(data, 'run');
  const digest = text(data, 'digest');
  const files = record(data, 'files');
  put(facts.models.versions, [key.model, key.version], {
    ...key,
    number: event.number,
    time: event.time,
    run,
    trainer: text(data, 'trainer'),
    digest,
    identified: isSha256(digest) && Object.keys(files).every((file) => isSha256(text(files, file))),
    signature: flag(data, 'signature') === true,
    chain: chainOf(facts, event, run),
    card: undefined,
    gates: {},
  });
}

function chainOf(facts: Facts, event: MaturityEvent, run: string | undefined): ModelVersion['chain'] {
  const runRow = run === undefined ? undefined : get(facts.runs.runs, run);
  const named = records(event.data, 'snapshots').map((item) => ({
    item,
    row: snapshotOf(facts, text(item, 'dataset'), text(item, 'snapshot')),
  }));
  const data = named.length > 0 && named.every(({ item, row }) => row !== undefined && row.digest === text(item, 'digest'));
  const events = [runRow?.number, ...named.map(({ row }) => row?.number), event.number].filter((number) => number !== undefined);
  return { run: runRow !== undefined, code: text(event.data, 'codeDigest') !== undefined, data, events };
}

function snapshotOf(facts: Facts, dataset: string | undefined, snapshot: string | undefined) {
  return dataset === undefined || snapshot === undefined ? undefined : get(facts.data.snapshots, dataset, snapshot);
}

function judge(facts: ModelFacts, event: MaturityEvent, version: ModelVersion | undefined): void {
  const { data } = event;
  const gate = text(data, 'gate');
  const outcome = text(data, 'outcome');
  const environment = text(data, 'environment');
  if (gate === undefined || outcome === undefined || environment === undefined) return;
  const stamp = { number: event.number, time: event.time };
  const known = get(facts.gates, gate);
  put(facts.gates, [gate], { gate, ...stamp, lastRefusal: outcome === 'refused' ? stamp : known?.lastRefusal });
  if (version === undefined) return;
  const passedChecks = records(data, 'checks').flatMap((check) => (text(check, 'outcome') === 'passed' ? [text(check, 'name') ?? ''] : []));
  const compared = text(data, 'comparedWith') !== undefined;
  put(version.gates, [environment, gate], { gate, environment, outcome, ...stamp, passedChecks, compared });
}

/** Every gate that judged the version for the environment let it pass; none judged it: not gated. */
export function gatesPassed(version: ModelVersion, environment: string): { passed: boolean; events: number[] } {
  const results = Object.values(version.gates).filter((result) => result.environment === environment);
  const passed = results.length > 0 && results.every((result) => result.outcome === 'passed');
  return { passed, events: results.map((result) => result.number) };
}

/** Names of the checks that passed, in gates that let the version pass, whatever the environment. */
export function passedChecks(version: ModelVersion): readonly string[] {
  return Object.values(version.gates).flatMap((result) => (result.outcome === 'passed' ? result.passedChecks : []));
}
