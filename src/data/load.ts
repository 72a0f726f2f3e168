import type { ChangeContext } from '#kernel/events/index.ts';
import type { Contract } from './contract/model.ts';
import type { ContractOutcome, LoadMode, LoadSource, Producer, Snapshot } from './model.ts';
import type { FileFormat } from './table/model.ts';

export interface PublishRequest {
  readonly project: string;
  /** Made when it is not there. */
  readonly dataset: string;
  /** `name` is what people call it; the name of the path unless told. */
  readonly file: { readonly path: string; readonly name?: string | undefined; readonly format?: FileFormat | undefined };
  readonly mode: LoadMode;
  /** YAML text, and how messages call it. */
  readonly contract?: { readonly text: string; readonly name: string } | undefined;
  readonly producer: Producer;
}

export interface Published {
  readonly snapshot: Snapshot;
  /** False when the same producer had already published the same bytes. */
  readonly created: boolean;
}

/** A load on its way: what was asked, made ready. */
export interface Load {
  readonly context: ChangeContext;
  readonly request: PublishRequest;
  readonly source: LoadSource;
  readonly contract: { readonly rules: Contract; readonly name: string } | undefined;
  readonly contractDigest: ContractOutcome['digest'] | undefined;
}
