import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGovernance } from '#governance/index.ts';
import { systemClock } from '#kernel/clock.ts';
import { checkSqlite, compareMigrations, type Database, openDatabase } from '#kernel/database/index.ts';
import { createEventLog, verifyLog } from '#kernel/events/index.ts';
import { randomIds } from '#kernel/ids.ts';
import { openObjectStore, type StoredObject } from '#kernel/objects/index.ts';
import { objectStoreOptions } from '#kernel/open-kernel.ts';
import { type Check, fault, type Finding, ok, type Patient, warning } from './finding.ts';
import { silentLog } from '#kernel/log.ts';

const restoreHint = 'Restore the last backup into a new home: `RIPEN_HOME=./restored ripen restore <folder>`.';
const sample = 200;
const mostNamed = 5;

const database: Check = {
  name: 'database',
  async look(patient) {
    const { databaseUrl } = patient.settings;
    const file = databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : undefined;
    if (file !== undefined && !existsSync(file)) return ok('database', `${file} does not exist yet; the first start makes it.`);
    if (file !== undefined) {
      const problems = checkSqlite(file);
      if (problems.length > 0)
        return fault('database', `SQLite finds ${file} damaged: ${problems.slice(0, mostNamed).join('; ')}.`, restoreHint);
    }
    const opened = await openDatabase(databaseUrl);
    try {
      return await lookInside(opened, patient);
    } catch (error) {
      const reason = error instanceof Error ? error.message || error.name : String(error);
      return fault(
        'database',
        `${opened.address} cannot be read (${reason}).`,
        'Start the database server, or correct RIPEN_DATABASE_URL.',
      );
    } finally {
      await opened.close();
    }
  },
};

async function lookInside(opened: Database, patient: Patient): Promise<Finding[]> {
  const { missing, unknown } = await compareMigrations(opened, patient.migrations);
  const sound = ok('database', `${opened.address} answers${opened.dialect === 'sqlite' ? ' and its file is sound' : ''}.`);
  if (unknown.length > 0)
    return [
      sound,
      fault(
        'migrations',
        `The database was written by a newer Ripen (${unknown.join(', ')}).`,
        'Start the newer version, or restore a backup made by this one.',
      ),
    ];
  const tables =
    missing.length === 0
      ? ok('migrations', 'All tables are up to date.')
      : warning('migrations', `The tables lack ${missing.join(', ')}.`, 'The next `ripen up` brings them up to date.');
  return missing.some((name) => name.startsWith('events/'))
    ? [sound, tables]
    : [sound, tables, ...(await lookAtEvents(opened, patient.settings.home))];
}

async function lookAtEvents(opened: Database, home: string): Promise<Finding[]> {
  const { faults, size, root, checkpoints } = await checkEvents(opened, home);
  if (faults.length === 0)
    return [ok('events', `${size} events and ${checkpoints.checked} checkpoints are as they were written; root ${root}.`)];
  return faults.map(({ explanation }) =>
    fault('events', explanation, `Somebody or something changed the event log outside Ripen. ${restoreHint}`),
  );
}

async function checkEvents(opened: Database, home: string) {
  // Opening the checkpoints makes the key that signs them; where there is none, nothing was signed.
  if (!existsSync(join(home, 'keys'))) return { ...(await verifyLog(opened)), checkpoints: { checked: 0 } };
  const events = createEventLog({ database: opened, clock: systemClock, ids: randomIds() });
  return createGovernance({ kernel: { events, database: opened, home, log: silentLog } }).check();
}

const blobs: Check = {
  name: 'blobs',
  async look({ settings, quick }) {
    const { objectsUrl } = settings;
    if (objectsUrl.startsWith('file:') && !existsSync(objectsUrl.slice('file:'.length))) return ok('blobs', 'There are no blobs yet.');
    const cacheDirectory = await mkdtemp(join(tmpdir(), 'ripen-doctor-'));
    const objects = await openObjectStore(objectsUrl, { ...objectStoreOptions(settings), cacheDirectory });
    try {
      const all = await Array.fromAsync(objects.list());
      const looked = quick ? thinned(all) : all;
      const damaged: string[] = [];
      for (const { digest } of looked) if (!(await objects.verify(digest))) damaged.push(digest);
      if (damaged.length === 0) return ok('blobs', `${looked.length}${quick ? ` of ${all.length}` : ''} blobs are as they were written.`);
      const named = damaged.slice(0, mostNamed).join(', ');
      return fault(
        'blobs',
        `${damaged.length} of ${looked.length} blobs were changed on the disk: ${named}${damaged.length > mostNamed ? ' and more' : ''}.`,
        `Check the disk. Put the same content again, or copy these blobs from the objects/ folder of a backup to ${objects.name}.`,
      );
    } finally {
      await objects.close();
      await rm(cacheDirectory, { recursive: true });
    }
  },
};

/** Blobs come in the order of their digests, which is no order, so every n-th one is as good as drawn. */
function thinned(all: readonly StoredObject[]): readonly StoredObject[] {
  const each = Math.max(1, Math.ceil(all.length / sample));
  return all.filter((_, index) => index % each === 0);
}

export const storedChecks: readonly Check[] = [database, blobs];
