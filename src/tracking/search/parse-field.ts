import { type AttributeName, attributeNames, type DatasetFieldName, datasetFieldNames, type Field } from './filter.ts';

const prefixes = {
  metric: 'metric',
  metrics: 'metric',
  param: 'parameter',
  params: 'parameter',
  parameter: 'parameter',
  parameters: 'parameter',
  tag: 'tag',
  tags: 'tag',
  dataset: 'dataset',
  datasets: 'dataset',
  input: 'dataset',
  inputs: 'dataset',
  attribute: 'attribute',
  attributes: 'attribute',
  run: 'attribute',
} as const;

/** The field that `prefix.name` or a bare attribute means; a text when there is none, saying why. */
export function fieldOf(prefix: string | undefined, name: string): Field | string {
  const kind = prefix === undefined ? 'attribute' : kindOf(prefix);
  if (kind === undefined) return `"${prefix}" is none of metrics, params, tags, datasets, attributes`;
  if (name === '') return `a name must follow "${prefix}."`;
  if (kind === 'attribute') {
    const attribute = attributeNames.find((known) => known.toLowerCase() === name.toLowerCase());
    return attribute === undefined ? unknownName('attribute', name, attributeNames) : { kind, name: attribute satisfies AttributeName };
  }
  if (kind === 'dataset') {
    const field = datasetFieldNames.find((known) => known === name.toLowerCase());
    return field === undefined
      ? unknownName('field of a dataset', name, datasetFieldNames)
      : { kind, name: field satisfies DatasetFieldName };
  }
  return { kind, name };
}

function kindOf(prefix: string): Field['kind'] | undefined {
  const known = prefix.toLowerCase();
  return Object.hasOwn(prefixes, known) ? prefixes[known as keyof typeof prefixes] : undefined;
}

function unknownName(what: string, name: string, known: readonly string[]): string {
  return `"${name.slice(0, 50)}" is no ${what}; known are ${known.join(', ')}`;
}
