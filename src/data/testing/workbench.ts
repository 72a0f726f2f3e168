import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type Analytics, createAnalytics } from '#kernel/analytics/index.ts';
import { silentLog } from '#kernel/log.ts';

/** A temporary directory and a real DuckDB for the tests of one file. */
export interface Workbench {
  readonly directory: string;
  readonly analytics: Analytics;
  /** Writes a file and gives its path. */
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** Writes the rows of a SELECT as Parquet and gives its path. */
  parquet(name: string, select: string): Promise<string>;
}

export function workbench(): Workbench {
  let directory = '';
  let analytics: Analytics | undefined;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ripen-data-'));
    analytics = createAnalytics({ directory: join(directory, 'spill'), log: silentLog });
  });
  after(async () => {
    await analytics?.close();
    await rm(directory, { recursive: true, force: true });
  });
  const opened = (): Analytics => {
    if (analytics === undefined) throw new Error('the workbench is only there within a test');
    return analytics;
  };
  return {
    get directory() {
      return directory;
    },
    get analytics() {
      return opened();
    },
    async write(name, content) {
      const path = join(directory, name);
      await writeFile(path, content);
      return path;
    },
    async parquet(name, select) {
      const path = join(directory, name);
      await opened().run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
      return path;
    },
  };
}
