import type { Actor } from '#kernel/events/index.ts';
import type { Digest } from '#kernel/objects/index.ts';
import type { FailingRow, RuleResult } from './contract/model.ts';
import { dataErrors } from './errors.ts';
import type { Schema, SchemaChange } from './table/schema.ts';

/** What the catalogue says of a dataset beside its data. */
export interface CatalogueEntry {
  readonly description: string | undefined;
  readonly owner: string | undefined;
  /** How far it may travel, in the words of the team, for example public or confidential. */
  readonly classification: string | undefined;
  /** How long it is kept, in the words of the team, for example "5 years". */
  readonly retention: string | undefined;
}

export interface Dataset extends CatalogueEntry {
  readonly project: string;
  readonly name: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** `append`: the rows of the parent and the new ones. `replace`: the new rows alone. */
export const loadModes = ['append', 'replace'] as const;
export type LoadMode = (typeof loadModes)[number];

/** Who made the load. The same producer with the same bytes is the same load. */
export interface Producer {
  readonly kind: 'pipeline-run' | 'upload';
  readonly id: string;
}

/** A Parquet file in the object store. */
export interface SnapshotFile {
  readonly digest: Digest;
  readonly rows: number;
  readonly bytes: number;
}

export interface ContractOutcome {
  /** Of the text of the contract, which is in the object store. */
  readonly digest: Digest;
  readonly passed: boolean;
  readonly rules: readonly RuleResult[];
}

/** What was handed in. */
export interface LoadSource {
  readonly name: string;
  readonly digest: Digest;
}

/** One immutable state of a dataset; numbers are 1, 2, 3, … without gaps. */
export interface Snapshot {
  readonly project: string;
  readonly dataset: string;
  readonly number: number;
  /** Of the files in their order. */
  readonly digest: Digest;
  /** The snapshot that was the newest before, whatever the mode. */
  readonly parent: number | undefined;
  readonly mode: LoadMode;
  readonly rows: number;
  readonly addedRows: number;
  readonly files: readonly SnapshotFile[];
  readonly schema: Schema;
  readonly schemaDigest: Digest;
  /** Against the parent. */
  readonly schemaChanges: readonly SchemaChange[];
  /** A `Profile` of the rows of this load, as JSON in the object store. */
  readonly profile: Digest;
  readonly contract: ContractOutcome | undefined;
  readonly producer: Producer;
  readonly source: LoadSource;
  readonly publishedAt: number;
  readonly publishedBy: Actor;
}

/** A load that was refused: the file is kept, nothing was published. */
export interface QuarantinedLoad {
  readonly id: string;
  readonly project: string;
  readonly dataset: string;
  /** The name of the error without its module, for example contract-broken. */
  readonly reason: string;
  readonly message: string;
  readonly source: LoadSource;
  /** Bytes of the file, which is in the object store under the source's digest. */
  readonly bytes: number;
  /** Undefined when the file could not be read. */
  readonly rows: number | undefined;
  readonly contract: ContractOutcome | undefined;
  readonly failingRows: readonly FailingRow[];
  readonly producer: Producer;
  readonly quarantinedAt: number;
  readonly quarantinedBy: Actor;
}

const namePattern = /^[a-z][a-z0-9_-]{0,99}$/;

/** Throws `data.dataset-name-invalid`. */
export function checkDatasetName(dataset: string): void {
  if (!namePattern.test(dataset)) throw dataErrors['dataset-name-invalid']({ dataset });
}

export interface DatasetReference {
  readonly dataset: string;
  /** Undefined for the newest. */
  readonly snapshot: number | undefined;
}

/** Reads `dataset:flights` or `dataset:flights@4`. Throws `data.reference-invalid`. */
export function parseReference(reference: string): DatasetReference {
  const [, dataset, snapshot] = /^dataset:([a-z][a-z0-9_-]*)(?:@([1-9]\d{0,8}))?$/.exec(reference) ?? [];
  if (dataset === undefined) throw dataErrors['reference-invalid']({ reference });
  return { dataset, snapshot: snapshot === undefined ? undefined : Number(snapshot) };
}
