/** What a filter can speak about. Attributes are facts of the run itself. */
export type Field =
  | { readonly kind: 'metric' | 'parameter' | 'tag'; readonly name: string }
  | { readonly kind: 'attribute'; readonly name: AttributeName }
  | { readonly kind: 'dataset'; readonly name: DatasetFieldName };

export const attributeNames = [
  'id',
  'name',
  'state',
  'experiment',
  'startedAt',
  'finishedAt',
  'duration',
  'user',
  'commit',
  'pipelineRun',
  'parentRun',
  'codeDigest',
  'environmentDigest',
  'computeTarget',
  'cpuMs',
  'peakMemoryBytes',
] as const;
export type AttributeName = (typeof attributeNames)[number];

/** Attributes that are numbers; the times among them are epoch milliseconds. */
export const timeAttributes: ReadonlySet<string> = new Set<AttributeName>(['startedAt', 'finishedAt']);
export const numericAttributes: ReadonlySet<string> = new Set<AttributeName>([
  'startedAt',
  'finishedAt',
  'duration',
  'cpuMs',
  'peakMemoryBytes',
]);

export const datasetFieldNames = ['name', 'digest', 'snapshot', 'context'] as const;
export type DatasetFieldName = (typeof datasetFieldNames)[number];

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'like' | 'ilike';
export type FilterValue = string | number;

/** A filter as a tree; every foreign search language compiles to this. A missing field fits no comparison, `!=` included. */
export type Condition =
  | { readonly kind: 'and'; readonly of: readonly Condition[] }
  | { readonly kind: 'or'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly field: Field; readonly operator: ComparisonOperator; readonly value: FilterValue }
  | { readonly kind: 'in'; readonly field: Field; readonly values: readonly FilterValue[]; readonly negated: boolean }
  | { readonly kind: 'missing'; readonly field: Field; readonly negated: boolean }
  /** Where the files of the run lie, as its clients see it. */
  | { readonly kind: 'address'; readonly operator: '=' | '!=' | 'like' | 'ilike'; readonly value: string };
