import type { Json } from '#kernel/canonical-json.ts';
import type { Branded } from '#kernel/ids.ts';

export type EvaluationDatasetId = Branded<'EvaluationDatasetId'>;

/** Cases that answers of a program are judged by. Names are not unique; experiments share them. */
export interface EvaluationDataset {
  readonly id: EvaluationDatasetId;
  readonly project: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The type of each field of the inputs, outputs and expectations, as they came. */
  readonly schema: RecordSchema | undefined;
  /** Differs after every change. */
  readonly digest: string;
  readonly records: number;
  /** Numbers of the experiments that use it. */
  readonly experiments: readonly number[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly createdBy: string | undefined;
  readonly updatedBy: string | undefined;
}

export type Fields = Readonly<Record<string, Json>>;

/** Two records of one dataset never have the same inputs. */
export interface EvaluationRecord {
  readonly id: string;
  readonly inputs: Fields;
  readonly outputs: Json | undefined;
  readonly expectations: Fields | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly source: RecordSource | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly createdBy: string | undefined;
  readonly updatedBy: string | undefined;
}

export const recordSourceKinds = ['trace', 'human', 'document', 'code', 'unspecified'] as const;

export interface RecordSource {
  readonly kind: (typeof recordSourceKinds)[number];
  /** Whatever says where it came from. */
  readonly data: Fields;
}

export interface RecordDraft {
  readonly inputs: Fields;
  /** Left out, what is there stays; null takes it away. */
  readonly outputs?: Json | undefined;
  readonly expectations?: Fields | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly source?: RecordSource | undefined;
}

type FieldType = 'null' | 'boolean' | 'integer' | 'float' | 'string' | 'array' | 'object';

export interface RecordSchema {
  readonly inputs: Readonly<Record<string, FieldType>>;
  /** One type where the outputs are no object. */
  readonly outputs: Readonly<Record<string, FieldType>> | FieldType;
  readonly expectations: Readonly<Record<string, FieldType>>;
  readonly version: '1.0';
}

/** The schema with the fields that records bring; the first type of a field stays. */
export function growSchema(schema: RecordSchema | undefined, records: readonly RecordDraft[]): RecordSchema {
  const inputs = { ...schema?.inputs };
  const expectations = { ...schema?.expectations };
  let outputs = schema?.outputs ?? {};
  for (const record of records) {
    addTypes(inputs, record.inputs);
    addTypes(expectations, record.expectations ?? {});
    const given = record.outputs;
    if (given === undefined || given === null) continue;
    if (isFields(given)) {
      if (typeof outputs !== 'string') outputs = addTypes({ ...outputs }, given);
    } else if (typeof outputs !== 'string' && Object.keys(outputs).length === 0) outputs = typeOf(given);
  }
  return { inputs, outputs, expectations, version: '1.0' };
}

function addTypes(types: Record<string, FieldType>, fields: Fields): Record<string, FieldType> {
  for (const [name, value] of Object.entries(fields)) if (!Object.hasOwn(types, name)) types[name] = typeOf(value);
  return types;
}

function typeOf(value: Json): FieldType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'float';
  return typeof value === 'object' ? 'object' : (typeof value as 'boolean' | 'string');
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
