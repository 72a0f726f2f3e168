import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAnalytics } from './analytics/index.ts';
import { systemClock } from './clock.ts';
import type { Settings } from './config/index.ts';
import { lockHome, openDatabase } from './database/index.ts';
import { createEventLog, eventMigrations } from './events/index.ts';
import { randomIds } from './ids.ts';
import { createJobs, jobMigrations } from './jobs/index.ts';
import type { Kernel } from './kernel.ts';
import type { Log } from './log.ts';
import { type ObjectStoreOptions, openObjectStore } from './objects/index.ts';

export interface OpenKernel {
  readonly kernel: Kernel;
  close(): Promise<void>;
}

/** The tables of the kernel itself; they come before those of the modules. */
export const kernelMigrations = [eventMigrations, jobMigrations];

/**
 * Opens everything in `settings.home` for one server.
 * @throws `database.home-in-use`, `database.cannot-open`
 */
export async function openKernel(settings: Settings, log: Log): Promise<OpenKernel> {
  const lock = lockHome(settings.home);
  const clock = systemClock;
  const ids = randomIds(clock);
  const database = await openDatabase(settings.databaseUrl, { durability: settings.databaseDurability });
  const objects = await openObjectStore(settings.objectsUrl, objectStoreOptions(settings));
  const analytics = createAnalytics({ directory: join(settings.home, 'analytics'), log });
  const events = createEventLog({ database, clock, ids });
  const jobs = createJobs({ database, clock, ids, log });
  return {
    kernel: {
      clock,
      ids,
      log,
      home: settings.home,
      instance: instanceOf(settings.home),
      settings,
      events,
      database,
      objects,
      analytics,
      jobs,
    },
    async close() {
      await jobs.stop();
      await analytics.close();
      await objects.close();
      await database.close();
      lock.release();
    },
  };
}

/** A name for this home that no other home has; kept in a file. */
function instanceOf(home: string): string {
  const file = join(home, 'instance');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    // The first start in this home.
    const instance = randomIds().next();
    mkdirSync(home, { recursive: true });
    writeFileSync(file, `${instance}\n`);
    return instance;
  }
}

/** How the blobs of a home are opened; credentials come from the variables that every tool for S3 reads. */
export function objectStoreOptions({ home }: Pick<Settings, 'home'>): ObjectStoreOptions {
  return { cacheDirectory: join(home, 'cache'), ...s3Credentials() };
}

function s3Credentials() {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (accessKeyId === undefined || secretAccessKey === undefined) return {};
  return { credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) } };
}
