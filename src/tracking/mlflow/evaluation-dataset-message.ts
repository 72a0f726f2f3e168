import type { Json } from '#kernel/canonical-json.ts';
import { evaluationDatasetErrors } from '../evaluation-datasets/errors.ts';
import {
  type EvaluationDataset,
  type EvaluationRecord,
  isFields,
  type RecordDraft,
  type RecordSource,
} from '../evaluation-datasets/model.ts';
import { MlflowError } from './protocol/index.ts';

/** A `Dataset` of the evaluation datasets; tags, schema and profile are JSON texts. */
export function evaluationDatasetMessage(dataset: EvaluationDataset) {
  return {
    dataset_id: dataset.id,
    name: dataset.name,
    tags: JSON.stringify(dataset.tags),
    schema: dataset.schema === undefined ? undefined : JSON.stringify(dataset.schema),
    profile: dataset.records === 0 ? undefined : JSON.stringify({ num_records: dataset.records }),
    digest: dataset.digest,
    created_time: dataset.createdAt,
    last_update_time: dataset.updatedAt,
    created_by: dataset.createdBy,
    last_updated_by: dataset.updatedBy,
    experiment_ids: dataset.experiments.map(String),
  };
}

/** A record as the text of records holds it. */
export function evaluationRecordMessage(dataset: string, record: EvaluationRecord) {
  const { source } = record;
  return {
    dataset_record_id: record.id,
    dataset_id: dataset,
    inputs: record.inputs,
    outputs: record.outputs,
    expectations: record.expectations,
    tags: record.tags,
    ...(source === undefined ? {} : { source: { source_type: source.kind.toUpperCase(), source_data: source.data }, ...sourceOf(source) }),
    created_time: record.createdAt,
    last_update_time: record.updatedAt,
    created_by: record.createdBy,
    last_updated_by: record.updatedBy,
  };
}

function sourceOf({ kind, data }: RecordSource) {
  const id = data[kind === 'trace' ? 'trace_id' : 'source_id'];
  return { source_type: kind.toUpperCase(), ...(typeof id === 'string' ? { source_id: id } : {}) };
}

/** @throws MlflowError where the text is no list of records, and `tracking.evaluation-record-invalid` */
export function readRecords(text: string): RecordDraft[] {
  const records = parseText(text, 'records');
  if (!Array.isArray(records))
    throw new MlflowError('INVALID_PARAMETER_VALUE', "Invalid value for parameter 'records' supplied: a list was expected.");
  return records.map((record: Json, index) => readRecord(record, index));
}

/** What is compared and written value by value must not be deeper than a stack. */
const deepestRecord = 200;

function isDeeper(value: Json | undefined, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isDeeper(each, levels - 1));
}

function readRecord(record: Json, index: number): RecordDraft {
  const refuse = (problem: string) => evaluationDatasetErrors['evaluation-record-invalid']({ index, problem });
  if (!isFields(record)) throw refuse('it is no object');
  if (isDeeper(record, deepestRecord)) throw refuse(`it is nested more than ${deepestRecord} deep`);
  const { inputs = {}, outputs, expectations, tags, source } = record;
  if (!isFields(inputs)) throw refuse('its inputs are no object');
  if (expectations !== undefined && expectations !== null && !isFields(expectations)) throw refuse('its expectations are no object');
  if (tags !== undefined && tags !== null && !isFields(tags)) throw refuse('its tags are no object');
  return {
    inputs,
    outputs,
    expectations: expectations ?? undefined,
    tags: isFields(tags) ? textsOf(tags) : undefined,
    source: isFields(source) ? readSource(source) : undefined,
  };
}

const sourceKinds: Readonly<Record<string, RecordSource['kind']>> = { TRACE: 'trace', HUMAN: 'human', DOCUMENT: 'document', CODE: 'code' };

function readSource(source: { readonly [key: string]: Json | undefined }): RecordSource {
  const { source_type: type, source_data: data } = source;
  return { kind: sourceKinds[typeof type === 'string' ? type : ''] ?? 'unspecified', data: isFields(data) ? data : {} };
}

function textsOf(tags: Readonly<Record<string, Json>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
}

/** Tags as a JSON text; null takes one away. @throws MlflowError */
export function readTags(text: string | undefined): Record<string, string | undefined> {
  const tags = text === undefined || text === '' ? {} : parseText(text, 'tags');
  if (!isFields(tags))
    throw new MlflowError('INVALID_PARAMETER_VALUE', "Invalid value for parameter 'tags' supplied: an object was expected.");
  return Object.fromEntries(
    Object.entries(tags).map(([name, value]) => [
      name,
      value === null ? undefined : typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

function parseText(text: string, name: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid value for parameter '${name}' supplied: it is no JSON.`, { cause });
  }
}
