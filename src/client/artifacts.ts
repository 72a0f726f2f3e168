import type { Caller, CallOptions } from './call.ts';
import type { Content } from './content.ts';
import { createDownload, type Download, type ReadOptions, rangeHeader } from './download.ts';
import type { FolderEntry, StoredArtifact } from './operations.ts';
import { type Items, pagesOf } from './pages.ts';

/** The files of one run. Names are paths: `plots/loss.png`. */
export interface Artifacts {
  /** Keeps a file. A stream is sent once; bytes, blobs and functions are sent again when a connection breaks. */
  put(name: string, content: Content, options?: CallOptions): Promise<StoredArtifact>;
  /** What lies directly in a folder. */
  list(folder?: string): Items<FolderEntry>;
  /** The bytes, whole or a range. */
  get(name: string, options?: ReadOptions): Promise<Download>;
  /** A ZIP file of everything, or of one folder. */
  zip(folder?: string, options?: CallOptions): Promise<Download>;
  delete(name: string): Promise<void>;
}

export function createArtifacts({ call }: Caller, run: string, project: string): Artifacts {
  const params = { project, run };
  return {
    put: (artifact, body, options = {}) => call('tracking.put-artifact', { ...options, params: { ...params, artifact }, body }),
    list: (folder = '') => pagesOf((after) => call('tracking.list-artifacts', { params, query: { folder, limit: 1000, after } })),
    async get(artifact, { range, ...options } = {}) {
      return createDownload(
        await call('tracking.get-artifact', { ...options, params: { ...params, artifact }, query: {}, headers: rangeHeader(range) }),
      );
    },
    async zip(folder = '', options = {}) {
      return createDownload(await call('tracking.zip-artifacts', { ...options, params, query: { folder } }));
    },
    async delete(artifact) {
      await call('tracking.delete-artifact', { params: { ...params, artifact } });
    },
  };
}
