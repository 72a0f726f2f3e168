import type { ModelDirectoryWire, SignatureVerificationWire } from '#registry/index.ts';
import { formatTime, renderPairs, renderTable } from './output.ts';

/** What the MLmodel file of a version says, as text. */
export function renderModelDirectory(directory: ModelDirectoryWire, width: number): string {
  const { flavors, pythonFunction, environment, schema, inputExample } = directory;
  const parts = [
    renderPairs([
      ['flavours', flavors.map(({ name, version }) => (version === undefined ? name : `${name} ${version}`)).join(', ')],
      ['loader', pythonFunction?.loaderModule],
      ['predict', pythonFunction?.predictFunction],
      ['python', environment.python],
      ['mlflow', directory.mlflowVersion],
      ['saved', directory.createdAt === undefined ? undefined : `${formatTime(directory.createdAt) ?? ''} UTC`],
      ['environment', environment.files.map(({ file }) => file).join(', ') || undefined],
      ['requirements', environment.requirements.join(', ') || undefined],
      ['input example', inputExample?.file],
    ]),
  ];
  const rows = schemaRows(schema);
  if (rows.length > 0)
    parts.push(
      renderTable(
        rows,
        [
          { title: 'Schema', value: ({ side }) => side },
          { title: 'Name', value: ({ name }) => name },
          { title: 'Type', value: ({ type }) => type },
          { title: 'Needed', value: ({ needed }) => needed },
        ],
        width,
      ),
    );
  return parts.join('\n\n');
}

type Schema = NonNullable<ModelDirectoryWire['schema']>;

function schemaRows(schema: Schema | undefined): { side: string; name: string | undefined; type: string; needed: string | undefined }[] {
  if (schema === undefined) return [];
  const side = (name: string, of: Schema['inputs']) =>
    of === undefined
      ? []
      : of.kind === 'columns'
        ? of.columns.map((column) => ({ side: name, name: column.name, type: column.type, needed: column.required ? 'yes' : 'no' }))
        : of.tensors.map((tensor) => ({
            side: name,
            name: tensor.name,
            type: `${tensor.dtype}[${tensor.shape.join(', ')}]`,
            needed: 'yes',
          }));
  const params = schema.params.map((param) => ({ side: 'parameter', name: param.name, type: param.type, needed: `else ${param.default}` }));
  return [...side('input', schema.inputs), ...side('output', schema.outputs), ...params];
}

/** One line on the signature, and its problems. */
export function describeSignature({ state, key, signedAt, files, bytes, problems }: SignatureVerificationWire): string {
  if (state === 'unsigned') return 'not signed: it has no files of its own';
  const by = `by key ${(key ?? '').slice(0, 16)} on ${formatTime(signedAt) ?? ''} UTC`;
  if (state === 'valid') return `signed ${by}; ${files.length} files ${bytes ? 'verified byte by byte' : 'as recorded'}`;
  return [`INVALID, signed ${by}`, ...problems].join('\n  ');
}
