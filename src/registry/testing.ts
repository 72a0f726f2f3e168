import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock } from '#kernel/clock.ts';
import type { Database } from '#kernel/database/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { createEventLog, eventMigrations, systemActor } from '#kernel/events/index.ts';
import { testApi } from '#kernel/http/testing.ts';
import { countingIds } from '#kernel/ids.ts';
import { silentLog } from '#kernel/log.ts';
import { createJobs, jobMigrations } from '#kernel/jobs/index.ts';
import { openObjectStore } from '#kernel/objects/index.ts';
import { createTracking, type StartRun, trackingMigrations } from '#tracking/index.ts';
import { testMlflow } from '#tracking/testing.ts';
import { registryMigrations } from './migrations.ts';
import { smallModel } from './onnx/testing.ts';
import { createRegistry } from './registry.ts';

export const context = { actor: systemActor, project: 'flights' };

export type RegistrySetting = Awaited<ReturnType<typeof openSetting>>;

async function openSetting(database: Database, folder: string) {
  const clock = manualClock();
  const ids = countingIds();
  const events = createEventLog({ database, clock, ids });
  const objects = await openObjectStore(`file:${folder}/objects`, { cacheDirectory: `${folder}/cache` });
  const identity = { project: async (name: string) => ({ name }) };
  const tracking = createTracking({ kernel: { clock, ids, events, objects }, identity });
  const jobs = createJobs({ database, clock, ids, log: silentLog, pollMs: 10 });
  const settings = { registryRetention: 30, webhooksSchemes: ['http', 'https'], webhooksPrivateAddresses: true } as const;
  const kernel = { clock, events, objects, jobs, ids, home: folder, log: silentLog, settings };
  const registry = createRegistry({ kernel, identity, tracking });
  const start = (input: Partial<StartRun> = {}) => tracking.startRun(context, { project: 'flights', experiment: 'baseline', ...input });
  const put = async (content: string | Uint8Array) => (await objects.put(content)).digest;
  return {
    clock,
    jobs,
    events,
    folder,
    objects,
    tracking,
    registry,
    start,
    put,
    /** Registers a version of `delay` that differs for each seed. */
    register: async (seed: number | string, files: Readonly<Record<string, string>> = {}) => {
      const run = await start();
      const stored: Record<string, string> = { 'model.onnx': await put(smallModel(seed)) };
      for (const [name, content] of Object.entries(files)) stored[name] = await put(content);
      return registry.registerVersion(context, { project: 'flights', model: 'delay', run: run.id, files: stored });
    },
    api: testApi([...tracking.endpoints, ...registry.endpoints]),
    mlflow: testMlflow([...tracking.mlflow, ...registry.mlflow]),
  };
}

/** Declares a test on each database with a registry over tracking and blobs in a temporary folder. */
export function testRegistry(name: string, body: (setting: RegistrySetting) => Promise<void>): void {
  testOnEachDatabase(name, [eventMigrations, jobMigrations, trackingMigrations, registryMigrations], async (database) => {
    const folder = mkdtempSync(join(tmpdir(), 'ripen-registry-'));
    try {
      const setting = await openSetting(database, folder);
      await body(setting);
      await setting.objects.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
