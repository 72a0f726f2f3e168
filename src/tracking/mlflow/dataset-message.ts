import { z } from 'zod';
import type { RunInput } from '../model.ts';
import { field, MlflowError } from './protocol/index.ts';
import { tooLong } from './key-rules.ts';

const contextTag = 'mlflow.data.context';

/** `DatasetInput` of the protocol. */
export const datasetInputField = field.message({
  tags: field.list(field.message({ key: field.text().required(), value: field.text().required() })),
  dataset: field.message({
    name: field.text(),
    digest: field.text(),
    source_type: field.text(),
    source: field.text(),
    schema: field.text(),
    profile: field.text(),
  }),
});

type DatasetInput = Exclude<ReturnType<typeof datasetInputField.read>, undefined>;

const limits = { name: 500, digest: 36, source_type: 36, source: 65_535, schema: 1_048_575, profile: 16_777_215 } as const;
const tagLimits = { key: 255, value: 500 } as const;

/** What is kept of a foreign dataset beside its name and digest, as JSON text. */
const detailsShape = z.object({
  sourceType: z.string().optional(),
  source: z.string().optional(),
  schema: z.string().optional(),
  profile: z.string().optional(),
});

/** @throws MlflowError INVALID_PARAMETER_VALUE */
export function inputOfDataset({ dataset, tags = [] }: DatasetInput): RunInput {
  if (dataset === undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', 'Dataset cannot be None');
  for (const name of ['name', 'digest', 'source_type', 'source'] as const) {
    if (dataset[name] === undefined) throw new MlflowError('INVALID_PARAMETER_VALUE', `Dataset ${name} cannot be None`);
  }
  for (const [name, limit] of Object.entries(limits)) {
    // The limits name fields of a dataset.
    if ((dataset[name as keyof typeof limits]?.length ?? 0) > limit) throw tooLong(name, limit);
  }
  for (const tag of tags) {
    for (const part of ['key', 'value'] as const) if (tag[part].length > tagLimits[part]) throw tooLong(part, tagLimits[part]);
  }
  const { name = '', digest = '', source_type: sourceType, source, schema, profile } = dataset;
  const others = tags.filter(({ key }) => key !== contextTag);
  return {
    dataset: name,
    digest,
    context: tags.find(({ key }) => key === contextTag)?.value,
    ...(others.length === 0 ? {} : { tags: Object.fromEntries(others.map(({ key, value }) => [key, value])) }),
    details: JSON.stringify({ sourceType, source, schema, profile }),
  };
}

export function datasetInputsOf(inputs: readonly RunInput[]) {
  return inputs.map((input) => {
    const context = input.context === undefined ? [] : [{ key: contextTag, value: input.context }];
    const tags = [...context, ...Object.entries(input.tags ?? {}).map(([key, value]) => ({ key, value }))];
    return { ...(tags.length === 0 ? {} : { tags }), dataset: datasetOf(input) };
  });
}

function datasetOf({ dataset: name, digest, snapshot, details }: RunInput) {
  const known = details === undefined ? undefined : detailsShape.safeParse(jsonOf(details)).data;
  const ours = snapshot === undefined ? { dataset: name } : { dataset: name, snapshot };
  return {
    name,
    digest,
    source_type: known?.sourceType ?? (snapshot === undefined ? 'code' : 'ripen'),
    source: known?.source ?? details ?? JSON.stringify(ours),
    ...(known?.schema === undefined ? {} : { schema: known.schema }),
    ...(known?.profile === undefined ? {} : { profile: known.profile }),
  };
}

/** Details that came by Ripen's own endpoint may be any text. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
