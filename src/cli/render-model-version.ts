import type { ModelDirectoryWire, ModelVersionWire, SignatureVerificationWire } from '#registry/index.ts';
import { formatBytes, formatTime, renderPairs, renderTable } from './output.ts';
import { describeSignature, renderModelDirectory } from './render-model-directory.ts';

/** What is asked for apart from the version. */
interface MoreOfVersion {
  readonly directory: ModelDirectoryWire | undefined;
  readonly signature: SignatureVerificationWire;
}

export function renderModelVersion(version: ModelVersionWire, more: MoreOfVersion, width: number): string {
  const parts = [
    renderPairs(factsOf(version, more)),
    more.directory === undefined ? undefined : renderModelDirectory(more.directory, width),
    renderFiles(version, width),
    renderTensors(version, width) ?? (more.directory?.schema === undefined ? 'No tensors: none of the files is an ONNX model.' : undefined),
  ];
  return parts.filter((part) => part !== undefined).join('\n\n');
}

function factsOf(version: ModelVersionWire, { signature }: MoreOfVersion): readonly (readonly [string, string | undefined])[] {
  const { card } = version;
  return [
    ['version', `${version.model} ${version.version}${version.aliases.map((alias) => ` @${alias}`).join('')}`],
    ['state', version.state],
    ['digest', version.digest],
    ['registered', `${formatTime(version.registeredAt) ?? ''} UTC by ${version.trainer.name}`],
    ['source', version.source],
    ['run', version.run],
    ['logged model', version.loggedModel],
    ['stage', version.stage === 'None' ? undefined : version.stage],
    ['pipeline run', version.pipelineRun],
    ['data', version.snapshots.map(({ dataset, snapshot }) => `${dataset}@${snapshot}`).join(' ') || undefined],
    ['commit', version.commit],
    ['code', version.codeDigest],
    ['environment', version.environmentDigest],
    ['card', `${card.filledFields} of ${card.requiredFields} required sections`],
    ['signature', describeSignature(signature)],
  ];
}

function renderFiles({ files }: ModelVersionWire, width: number): string {
  return renderTable(
    files,
    [
      { title: 'File', value: ({ name }) => name },
      { title: 'Size', value: ({ size }) => formatBytes(size), align: 'right' },
      { title: 'Digest', value: ({ digest }) => digest },
    ],
    width,
  );
}

function renderTensors({ signature }: ModelVersionWire, width: number): string | undefined {
  if (signature === undefined) return undefined;
  const tensors = [
    ...signature.inputs.map((tensor) => ({ side: 'input', ...tensor })),
    ...signature.outputs.map((tensor) => ({ side: 'output', ...tensor })),
  ];
  return renderTable(
    tensors,
    [
      { title: 'Tensor', value: ({ side }) => side },
      { title: 'Name', value: ({ name }) => name },
      { title: 'Type', value: ({ datatype }) => datatype },
      { title: 'Shape', value: ({ shape }) => `[${shape.map((size) => (size < 0 ? '*' : size)).join(', ')}]` },
    ],
    width,
  );
}
