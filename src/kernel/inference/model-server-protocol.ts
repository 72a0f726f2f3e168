import type { Signature } from './tensor.ts';

/** The argument of a model server, as JSON. */
export interface ModelServerSpec {
  /** Path of the ONNX file. */
  readonly model: string;
  /** As registered; a file that differs is refused. */
  readonly signature: Signature;
  /** Path of the socket to listen on. */
  readonly socket: string;
  readonly threads: number;
  readonly warmUpRuns: number;
  /** Past it the process ends itself. */
  readonly memoryBytes?: number | undefined;
}

/** What it tells its parent. */
export type ModelServerMessage =
  | { readonly kind: 'ready'; readonly loadMs: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'memory-limit'; readonly bytes: number };
