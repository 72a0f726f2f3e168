import type { Branded } from '#kernel/ids.ts';
import type { Actor } from '#kernel/events/index.ts';
import type { Digest } from '#kernel/objects/index.ts';

export type ModelName = Branded<'ModelName'>;

/** Which action leads from which state to which. */
export const versionStates = {
  registered: { archive: 'archived' },
  archived: { restore: 'registered' },
} as const;

export type VersionState = keyof typeof versionStates;
export type VersionAction = 'archive' | 'restore';

/** The next state; undefined when the action does not apply because it was done already. */
export function transition(state: VersionState, action: VersionAction): VersionState | undefined {
  return (versionStates[state] as { readonly [Action in VersionAction]?: VersionState })[action];
}

/** A prompt is versioned like a model and has no files; its text is a tag. */
export type ModelKind = 'model' | 'prompt';

/** The tag by which MLflow clients tell a prompt. */
export const promptTag = 'mlflow.prompt.is_prompt';

/** The stages of old MLflow clients. They say nothing about what is deployed, and nothing in Ripen acts on them. */
export const stages = ['None', 'Staging', 'Production', 'Archived'] as const;
export type Stage = (typeof stages)[number];

export interface Model {
  readonly name: ModelName;
  readonly project: string;
  readonly kind: ModelKind;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Number of the newest version; 0 when there is none. */
  readonly latestVersion: number;
  readonly aliases: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The tensor types of the Open Inference Protocol v2, and BF16. */
export type Datatype =
  | 'BOOL'
  | 'UINT8'
  | 'UINT16'
  | 'UINT32'
  | 'UINT64'
  | 'INT8'
  | 'INT16'
  | 'INT32'
  | 'INT64'
  | 'FP16'
  | 'BF16'
  | 'FP32'
  | 'FP64'
  | 'BYTES';

export interface TensorSpec {
  readonly name: string;
  readonly datatype: Datatype;
  /** -1 for a dimension that varies, such as the number of rows. */
  readonly shape: readonly number[];
}

export interface Signature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Inputs and outputs that are no tensors (sequences, maps, …): the model has them, but they cannot be served as tensors. */
  readonly unservable: readonly { readonly name: string; readonly kind: string }[];
}

export interface VersionFile {
  readonly name: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

export interface DataSnapshot {
  readonly dataset: string;
  readonly snapshot: number;
  readonly digest: string;
}

/** A version without its files and data. */
export type VersionHeader = Omit<ModelVersion, 'files' | 'snapshots' | 'location' | 'inputExample'>;

export interface ModelVersion {
  readonly project: string;
  readonly model: ModelName;
  readonly kind: ModelKind;
  /** 1, 2, 3, … in a model; never used twice. */
  readonly version: number;
  readonly state: VersionState;
  readonly stage: Stage;
  /** Of the model file; of the list of files where no single file is the model; of the source where there are none. */
  readonly digest: Digest;
  readonly files: readonly VersionFile[];
  readonly signature: Signature | undefined;
  /** The URI it was registered from, as it was written; undefined when it was made from files. */
  readonly source: string | undefined;
  /** Where MLflow clients find its files. */
  readonly location: string;
  /** A page about the run, elsewhere. */
  readonly link: string | undefined;
  readonly loggedModel: string | undefined;
  readonly run: string | undefined;
  readonly pipelineRun: string | undefined;
  /** The file with an example of its input. */
  readonly inputExample: string | undefined;
  readonly snapshots: readonly DataSnapshot[];
  readonly codeDigest: string | undefined;
  readonly environmentDigest: string | undefined;
  readonly commit: string | undefined;
  readonly trainer: Actor;
  readonly description: string;
  readonly registeredAt: number;
  readonly updatedAt: number;
  readonly aliases: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly card: { readonly filledFields: number; readonly requiredFields: number };
}
