export interface ModelField {
  readonly name: string | undefined;
  readonly type: string;
  readonly required: boolean;
}

export interface ModelFacts {
  readonly flavors: readonly { readonly name: string; readonly version: string | undefined }[];
  readonly loader: string | undefined;
  readonly python: string | undefined;
  readonly mlflow: string | undefined;
  readonly size: number | undefined;
  readonly created: string | undefined;
  readonly inputs: readonly ModelField[];
  readonly outputs: readonly ModelField[];
}

/** What is worth reading in a parsed `MLmodel` file; undefined when it is none. */
export function modelFacts(file: unknown): ModelFacts | undefined {
  const fields = recordOf(file);
  const flavors = recordOf(fields?.['flavors']);
  if (fields === undefined || flavors === undefined) return undefined;
  const signature = recordOf(fields['signature']);
  const pyfunc = recordOf(flavors['python_function']);
  return {
    flavors: Object.entries(flavors).map(([name, flavor]) => ({ name, version: versionOf(name, recordOf(flavor) ?? {}) })),
    loader: wordOf(pyfunc?.['loader_module']),
    python: wordOf(pyfunc?.['python_version']),
    mlflow: wordOf(fields['mlflow_version']),
    size: typeof fields['model_size_bytes'] === 'number' ? fields['model_size_bytes'] : undefined,
    created: wordOf(fields['utc_time_created']),
    inputs: fieldsOf(signature?.['inputs']),
    outputs: fieldsOf(signature?.['outputs']),
  };
}

function versionOf(name: string, flavor: Readonly<Record<string, unknown>>): string | undefined {
  if (name === 'python_function') return undefined;
  const entry = Object.entries(flavor).find(([key]) => key.endsWith('_version') && key !== 'python_version');
  return wordOf(entry?.[1]);
}

/** The signature is JSON within YAML; a tensor has its type inside. */
function fieldsOf(text: unknown): readonly ModelField[] {
  if (typeof text !== 'string') return [];
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((each: unknown): ModelField[] => {
    const field = recordOf(each);
    if (field === undefined) return [];
    const tensor = recordOf(field['tensor-spec']);
    const shape = Array.isArray(tensor?.['shape']) ? ` [${tensor['shape'].join(', ')}]` : '';
    const type = tensor === undefined ? (wordOf(field['type']) ?? 'unknown') : `${wordOf(tensor['dtype']) ?? 'tensor'}${shape}`;
    return [{ name: wordOf(field['name']), type, required: field['required'] !== false && field['optional'] !== true }];
  });
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
