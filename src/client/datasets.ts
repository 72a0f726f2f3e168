import type { BodyOf, Caller, CallOptions, QueryOf, ResultOf } from './call.ts';
import type { Content } from './content.ts';
import { createDownload, type Download } from './download.ts';
import type { Dataset, QuarantinedLoad, Snapshot, SnapshotProfile } from './operations.ts';

/** A number, or `latest`. */
export type SnapshotName = number | 'latest';

export interface Datasets {
  list(): Promise<readonly Dataset[]>;
  get(dataset: string): Promise<Dataset>;
  create(dataset: BodyOf<'data.create-dataset'>): Promise<Dataset>;
  /**
   * Loads a file (CSV, JSON lines, Parquet), which becomes the next snapshot. The same bytes with the same `key` are one load, so a load with a
   * key is sent again when a connection breaks. @throws `data.contract-broken` when it breaks the contract
   */
  load(dataset: string, content: Content, options?: QueryOf<'data.load'> & CallOptions): Promise<ResultOf<'data.load'>>;
  /** Newest first. */
  snapshots(dataset: string, options?: QueryOf<'data.list-snapshots'>): Promise<readonly Snapshot[]>;
  snapshot(dataset: string, snapshot?: SnapshotName): Promise<Snapshot>;
  rows(dataset: string, snapshot: SnapshotName, page?: QueryOf<'data.preview-rows'>): Promise<ResultOf<'data.preview-rows'>>;
  profile(dataset: string, snapshot: SnapshotName): Promise<SnapshotProfile>;
  /** One Parquet file of a snapshot, counted from 1. */
  file(dataset: string, snapshot: SnapshotName, file: number, options?: CallOptions): Promise<Download>;
  quarantine(dataset: string): Promise<readonly QuarantinedLoad[]>;
}

export function createDatasets({ call }: Caller): Datasets {
  return {
    list: async () => (await call('data.list-datasets')).items,
    get: (dataset) => call('data.get-dataset', { params: { dataset } }),
    create: (body) => call('data.create-dataset', { body }),
    load(dataset, body, { signal, headers, timeoutMs, retryForMs, repeatable, ...query } = {}) {
      const options = { signal, headers, timeoutMs, retryForMs, repeatable: repeatable ?? query.key !== undefined };
      return call('data.load', { ...options, params: { dataset }, query, body });
    },
    snapshots: async (dataset, query = {}) => (await call('data.list-snapshots', { params: { dataset }, query })).items,
    snapshot: (dataset, snapshot = 'latest') => call('data.get-snapshot', { params: { dataset, snapshot } }),
    rows: (dataset, snapshot, query = {}) => call('data.preview-rows', { params: { dataset, snapshot }, query }),
    profile: (dataset, snapshot) => call('data.get-profile', { params: { dataset, snapshot }, query: {} }),
    async file(dataset, snapshot, file, options = {}) {
      return createDownload(await call('data.download-file', { ...options, params: { dataset, snapshot, file } }));
    },
    quarantine: async (dataset) => (await call('data.list-quarantine', { params: { dataset }, query: {} })).items,
  };
}
