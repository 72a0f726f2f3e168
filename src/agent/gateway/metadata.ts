import type { DeploymentRoute, Target } from '../routes.ts';
import { ProtocolError } from './protocol-error.ts';

export function serverMetadata(): object {
  return { name: 'ripen', version: '2', extensions: ['binary_tensor_data'] };
}

export function liveAnswer(): object {
  return { live: true };
}

export function targetReady({ runner }: Target): boolean {
  return runner.pick() !== undefined;
}

/** Every revision that has traffic can answer. */
export function deploymentReady({ targets }: DeploymentRoute): boolean {
  const weighted = targets.filter(({ revision }) => revision.weight > 0);
  return weighted.length > 0 && weighted.every(targetReady);
}

/** What a model takes and gives: of the version asked for, else of the one with most of the traffic. */
export function modelMetadata(name: string, { targets }: DeploymentRoute, asked: Target | undefined): object {
  const shown = asked ?? targets.toSorted((a, b) => b.revision.weight - a.revision.weight)[0];
  if (shown === undefined) throw new ProtocolError(503, `The model '${name}' has no revision yet.`, { 'retry-after': '1' });
  const { inputs, outputs } = shown.revision.signature;
  const versions = [...new Set(targets.map(({ revision }) => revision.modelVersion))];
  return { name, versions, platform: 'onnx_onnxv1', inputs, outputs, properties: { revision: shown.revision.revision } };
}
