import type { BodyOf, Caller, QueryOf, ResultOf } from './call.ts';
import { createDownload, type Download, type ReadOptions, rangeHeader } from './download.ts';
import type { Model, ModelLineage, ModelVersion, ModelVersionHeader, SignatureVerification } from './operations.ts';
import { type Items, pagesOf } from './pages.ts';

/** A number, `@alias`, or `latest`. */
export type VersionName = number | string;

export interface Models {
  create(model: BodyOf<'registry.create-model'>): Promise<Model>;
  get(model: string): Promise<Model>;
  search(search?: Omit<QueryOf<'registry.list-models'>, 'after' | 'limit'>): Items<Model>;
  edit(model: string, change: BodyOf<'registry.edit-model'>): Promise<Model>;
  delete(model: string): Promise<void>;
  /** The next version, from a `source` such as `runs:/<run>/model`, or from `files` that are stored: name to digest. */
  register(model: string, version: BodyOf<'registry.register-version'>): Promise<ModelVersion>;
  /** Newest first. */
  versions(model: string): Items<ModelVersion>;
  /** Versions of all models: `filter: "name = 'delay' and version > 3"`. */
  searchVersions(search?: Omit<QueryOf<'registry.find-versions'>, 'after' | 'limit'>): Items<ModelVersionHeader>;
  version(model: string, version?: VersionName): Promise<ModelVersion>;
  /** What `models:/delay/3` or `models:/delay@production` names now. */
  resolve(uri: string): Promise<ModelVersion>;
  editVersion(model: string, version: VersionName, change: BodyOf<'registry.edit-version'>): Promise<ModelVersion>;
  setAlias(model: string, alias: string, version: VersionName): Promise<Model>;
  removeAlias(model: string, alias: string): Promise<void>;
  /** A file of a version; read whole, its bytes are checked against the digest that the version has of it. */
  file(version: Pick<ModelVersion, 'project' | 'model' | 'version' | 'files'>, name: string, options?: ReadOptions): Promise<Download>;
  /** Has the server check the files of a version against its signature. */
  verify(model: string, version: VersionName): Promise<SignatureVerification>;
  lineage(model: string, version: VersionName): Promise<ModelLineage>;
  compare(model: string, before: VersionName, after: VersionName): Promise<ResultOf<'registry.compare-versions'>>;
}

export function createModels({ call }: Caller): Models {
  const of = (model: string, version: VersionName) => ({ params: { model, version: String(version) } });
  const version = (model: string, name: VersionName = 'latest') => call('registry.get-version', of(model, name));
  return {
    create: (body) => call('registry.create-model', { body }),
    get: (model) => call('registry.get-model', { params: { model } }),
    search: (search = {}) => pagesOf((after) => call('registry.list-models', { query: { ...search, limit: 200, after } })),
    edit: (model, body) => call('registry.edit-model', { params: { model }, body }),
    async delete(model) {
      await call('registry.delete-model', { params: { model } });
    },
    register: (model, body) =>
      // The same files of the same run are registered once.
      call('registry.register-version', {
        params: { model },
        body,
        repeatable: body.run !== undefined && body.files !== undefined && body.source === undefined,
      }),
    versions: (model) =>
      pagesOf((after) =>
        call('registry.list-versions', {
          params: { model },
          query: { limit: 200, ...(after === undefined ? {} : { after: Number(after) }) },
        }),
      ),
    searchVersions: (search = {}) => pagesOf((after) => call('registry.find-versions', { query: { ...search, limit: 200, after } })),
    version,
    resolve: (uri) => version(...parseModelUri(uri)),
    editVersion: (model, name, body) => call('registry.edit-version', { ...of(model, name), body }),
    setAlias: (model, alias, name) => call('registry.set-alias', { params: { model, alias }, body: { version: name } }),
    async removeAlias(model, alias) {
      await call('registry.remove-alias', { params: { model, alias } });
    },
    async file({ project, model, version: number, files }, name, { range, ...options } = {}) {
      const params = { project, model, version: String(number), file: name };
      const response = await call('registry.get-file', { ...options, params, query: {}, headers: rangeHeader(range) });
      return createDownload(response, range === undefined ? files.find((file) => file.name === name)?.digest : undefined);
    },
    verify: (model, name) => call('registry.verify-signature', of(model, name)),
    lineage: (model, name) => call('registry.get-lineage', of(model, name)),
    compare: (model, before, after) =>
      call('registry.compare-versions', { params: { model }, query: { before: String(before), after: String(after) } }),
  };
}

/** `models:/name/3`, `models:/name/latest`, `models:/name@alias`. @throws TypeError */
function parseModelUri(uri: string): [model: string, version: string] {
  const [, model = '', number, alias] = /^models:\/([^/@]+)(?:\/([^/@]+)|(@[^/]+))$/.exec(uri) ?? [];
  const version = number ?? alias;
  if (version === undefined) throw new TypeError(`"${uri}" is not models:/name/version or models:/name@alias`);
  return [model, version];
}
