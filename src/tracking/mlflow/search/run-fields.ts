import type { AttributeName, Field } from '../../search/filter.ts';
import { MlflowError } from '../protocol/mlflow-error.ts';

/** What MLflow's names stand for. `status` and `artifact_uri` have rules of their own. */
export type RunField = Field | { readonly kind: 'status' } | { readonly kind: 'address' };

const kinds: ReadonlyMap<string, 'metric' | 'parameter' | 'tag' | 'attribute' | 'dataset'> = new Map(
  (
    [
      ['metric', 'metric metrics'],
      ['parameter', 'param params parameter parameters'],
      ['tag', 'tag tags'],
      ['attribute', 'attribute attributes attr run'],
      ['dataset', 'dataset datasets'],
    ] as const
  ).flatMap(([kind, spellings]) => spellings.split(' ').map((spelling) => [spelling, kind] as const)),
);

const attributes: ReadonlyMap<string, AttributeName> = new Map([
  ['run_id', 'id'],
  ['run_name', 'name'],
  ['run name', 'name'],
  ['Run name', 'name'],
  ['Run Name', 'name'],
  ['user_id', 'user'],
  ['start_time', 'startedAt'],
  ['created', 'startedAt'],
  ['Created', 'startedAt'],
  ['end_time', 'finishedAt'],
]);

/** Tags that Ripen keeps as facts of the run. */
const factTags: ReadonlyMap<string, AttributeName> = new Map([
  ['mlflow.runName', 'name'],
  ['mlflow.parentRunId', 'parentRun'],
  ['mlflow.source.git.commit', 'commit'],
]);

const datasetKeys = ['name', 'digest', 'context'] as const;

/** The field that MLflow calls so. @throws MlflowError INVALID_PARAMETER_VALUE */
export function runField(entity: string | undefined, key: string): RunField {
  const kind = entity === undefined ? 'attribute' : kinds.get(entity.toLowerCase());
  if (kind === undefined) throw invalid(`Invalid entity type '${entity}'. Valid values are ${[...kinds.keys()].join(', ')}`);
  if (kind === 'dataset') {
    const name = datasetKeys.find((known) => known === key);
    if (name === undefined) throw invalid(`Invalid dataset key '${key}' specified. Valid keys are ${datasetKeys.join(', ')}`);
    return { kind, name };
  }
  const fact = kind === 'tag' ? factTags.get(key) : undefined;
  if (fact !== undefined) return { kind: 'attribute', name: fact };
  if (kind !== 'attribute') return { kind, name: key };
  if (key === 'status') return { kind: 'status' };
  if (key === 'artifact_uri') return { kind: 'address' };
  const name = attributes.get(key);
  if (name === undefined)
    throw invalid(
      `Invalid attribute key '${key}' specified. Valid keys are ${['status', 'artifact_uri', ...attributes.keys()].join(', ')}`,
    );
  return { kind, name };
}

export function invalid(message: string): MlflowError {
  return new MlflowError('INVALID_PARAMETER_VALUE', message);
}
