import type {
  CardWire,
  DeletedWire,
  EvaluationWire,
  LineageWire,
  ModelDirectoryWire,
  ModelWire,
  ModelVersionWire,
  SignatureVerificationWire,
  VersionComparisonWire,
} from '#registry/wire.ts';
import { pathOf, post, remove } from '../api/client.ts';
import { apiQuery, useAction } from '../api/queries.ts';

export interface ModelAddress {
  readonly project: string;
  readonly model: string;
}

/** `version`: a number, `@alias` or `latest`. */
export interface VersionAddress extends ModelAddress {
  readonly version: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

const versionPath = ({ project, model, version }: VersionAddress) => pathOf`/projects/${project}/models/${model}/versions/${version}`;

export const modelsQuery = (project: string) => apiQuery<Page<ModelWire>>('models', pathOf`/projects/${project}/models`, { limit: 1000 });
export const modelQuery = ({ project, model }: ModelAddress) => apiQuery<ModelWire>('models', pathOf`/projects/${project}/models/${model}`);
export const versionsQuery = ({ project, model }: ModelAddress, limit = 1000) =>
  apiQuery<Page<ModelVersionWire>>('models', pathOf`/projects/${project}/models/${model}/versions`, { limit });
export const versionQuery = (of: VersionAddress) => apiQuery<ModelVersionWire>('models', versionPath(of));
export const cardQuery = (of: VersionAddress) => apiQuery<CardWire>('models', `${versionPath(of)}/card`);
export const lineageQuery = (of: VersionAddress) => apiQuery<LineageWire>('models', `${versionPath(of)}/lineage`);
export const comparisonQuery = ({ project, model }: ModelAddress, versions: { readonly before: number; readonly after: number }) =>
  apiQuery<VersionComparisonWire>('models', pathOf`/projects/${project}/models/${model}/comparison`, { ...versions });

export const deletedQuery = (project: string) => apiQuery<Page<DeletedWire>>('models', pathOf`/projects/${project}/deleted-models`);

/** A whole model, or one version of it. */
export interface ModelOrVersion extends ModelAddress {
  readonly version?: string | undefined;
}

const anyPath = ({ project, model, version }: ModelOrVersion) =>
  version === undefined ? pathOf`/projects/${project}/models/${model}` : versionPath({ project, model, version });

export const useDelete = (of: ModelOrVersion) => useAction(() => remove(anyPath(of)), ['models']);

export const useRestore = () =>
  useAction(
    ({ as, ...of }: ModelOrVersion & { readonly as?: string | undefined }) => post<unknown>(`${anyPath(of)}/restore`, { as }),
    ['models'],
  );

/** What a version scored does not change. */
export const evaluationQuery = (of: VersionAddress) => ({
  ...apiQuery<{ readonly evaluation?: EvaluationWire }>('models', `${versionPath(of)}/evaluation`),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Like everything that comes from the files, what the MLmodel file says does not change. */
export const directoryQuery = (of: VersionAddress) => ({
  ...apiQuery<{ readonly directory?: ModelDirectoryWire }>('models', `${versionPath(of)}/directory`),
  staleTime: Number.POSITIVE_INFINITY,
});

export const exampleQuery = (of: VersionAddress, file: string) => ({
  ...apiQuery<unknown>('models', filePath(of, file)),
  staleTime: Number.POSITIVE_INFINITY,
});

export const signatureQuery = (of: VersionAddress) => apiQuery<SignatureVerificationWire>('models', `${versionPath(of)}/signature`);
export const useVerify = (of: VersionAddress) =>
  useAction(() => post<SignatureVerificationWire>(`${versionPath(of)}/signature/verify`), []);
export const bundlePath = (of: VersionAddress) => `${versionPath(of)}/model.sig`;
export const keyPath = (key: string) => pathOf`/signing-keys/${key}`;

export const filePath = (of: VersionAddress, file: string) => `${versionPath(of)}/files/${encodeURIComponent(file)}`;
