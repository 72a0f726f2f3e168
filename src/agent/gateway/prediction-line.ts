import type { Tensor } from '#kernel/inference/index.ts';
import { type InferRequest, jsonElements } from '#serving/index.ts';
import type { Target } from '../routes.ts';

export interface Prediction {
  readonly id: string;
  readonly infers: InferRequest;
  readonly target: Target;
  /** Epoch ms. */
  readonly receivedAt: number;
  readonly outputs: readonly Tensor[];
  readonly latencyMs: number;
  readonly status?: number;
}

/**
 * One line of the prediction log: `{id, time, event_time, revision, version, rows, inputs: {name: [a value a row]}, outputs: {…},
 * latency_us, status}`. Row r of a request with several rows is the prediction `<id>/<r>`, a single row is `<id>`. Times are epoch ms.
 * A row of more than one element is a list; a tensor without rows (no variable first dimension) is repeated for none: it stays whole.
 */
export function predictionLine({ id, infers, target, receivedAt, outputs, latencyMs, status = 200 }: Prediction): string {
  const { revision, modelVersion } = target.revision;
  const { rows } = infers;
  return JSON.stringify({
    id,
    time: receivedAt,
    event_time: infers.eventTime ?? receivedAt,
    revision,
    version: modelVersion,
    rows,
    ...(infers.key === undefined ? {} : { key: infers.key }),
    inputs: columns(infers.inputs, rows),
    outputs: columns(outputs, rows),
    latency_us: Math.round(latencyMs * 1000),
    status,
  });
}

function columns(tensors: readonly Tensor[], rows: number): Readonly<Record<string, readonly unknown[]>> {
  return Object.fromEntries(tensors.map((tensor) => [tensor.name, byRow(jsonElements(tensor), rows)]));
}

function byRow(elements: readonly unknown[], rows: number): readonly unknown[] {
  const width = elements.length / rows;
  if (width === 1 || !Number.isInteger(width)) return elements;
  return Array.from({ length: rows }, (_, row) => elements.slice(row * width, (row + 1) * width));
}
