import type { Signature } from '#kernel/inference/index.ts';

/** What serving needs of the registry. */
export interface ModelVersions {
  /** @throws `registry.version-not-found` */
  version(project: string, model: string, version: number): Promise<ServableVersion>;
}

export interface ServableVersion {
  readonly model: string;
  readonly version: number;
  /** Of the model version as a whole. */
  readonly digest: string;
  readonly files: readonly { readonly name: string; readonly digest: string }[];
  readonly signature: (Signature & { readonly unservable?: readonly { readonly name: string; readonly kind: string }[] }) | undefined;
}
