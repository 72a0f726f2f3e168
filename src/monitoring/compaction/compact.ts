import { join } from 'node:path';
import { z } from 'zod';
import { quoteList, quoteLiteral } from '#kernel/analytics/index.ts';
import type { Queryable } from '#kernel/database/index.ts';
import { type Digest, parseDigest } from '#kernel/objects/index.ts';
import type { Rooms } from '../deps.ts';
import { insertLabelFile, deleteLabelFiles, countLabelFilesOf, listLabelFiles } from '../labels/label-store.ts';
import { countFilesOf, deleteFiles, insertFile, listFiles, type Source } from '../predictions/prediction-store.ts';
import { groupsToJoin } from './groups.ts';

const compactJob = 'monitoring.compact';
const discardJob = 'monitoring.discard';

/** After an arrival; many arrivals within this time are one job. */
const delayMs = 60_000;
/** Scans that began before a join still read the old files. */
const discardAfterMs = 10 * 60_000;

const sourcePayload = z.object({ project: z.string(), deployment: z.string(), environment: z.string() });
const discardPayload = z.object({ digests: z.array(z.string()) });

/** An agent sends a file every few seconds; a scan opens every file. So small files are joined, in the order of time. */
export function defineCompaction(rooms: Rooms): void {
  const { jobs } = rooms.kernel;
  jobs.define(compactJob, { concurrency: 1, leaseMs: 300_000, handle: ({ payload }) => compact(rooms, sourcePayload.parse(payload)) });
  jobs.define(discardJob, {
    concurrency: 1,
    handle: ({ payload }) => discard(rooms, discardPayload.parse(payload).digests.map(parseDigest)),
  });
}

export async function askToCompact({ kernel }: Pick<Rooms, 'kernel'>, tx: Queryable, source: Source): Promise<void> {
  const { project, deployment, environment } = source;
  const key = `${environment}/${project}/${deployment}`;
  await kernel.jobs.enqueue(tx, {
    kind: compactJob,
    key,
    payload: { project, deployment, environment },
    runAt: kernel.clock.now() + delayMs,
    priority: -1,
  });
}

export async function compact(rooms: Rooms, source: Source): Promise<void> {
  await compactPredictions(rooms, source);
  if (source.environment === 'production') await compactLabels(rooms, source);
}

async function compactPredictions(rooms: Rooms, source: Source): Promise<void> {
  const { database, ids } = rooms.kernel;
  for (const group of groupsToJoin(await listFiles(database, source))) {
    const digests = group.map(({ digest }) => digest);
    const digest = await joinFiles(rooms, digests, 'event_time');
    const names = (of: 'inputs' | 'outputs'): string[] => {
      const all = new Map(group.flatMap((file) => file[of]).map((name) => [name.toLowerCase(), name]));
      return [...all.values()];
    };
    const made = {
      id: ids.next(),
      digest,
      rows: group.reduce((sum, { rows }) => sum + rows, 0),
      first: Math.min(...group.map(({ first }) => first)),
      last: Math.max(...group.map(({ last }) => last)),
      inputs: names('inputs'),
      outputs: names('outputs'),
    };
    await database.transaction(async (tx) => {
      if (
        (await deleteFiles(
          tx,
          group.map(({ id }) => id),
        )) !== group.length
      )
        throw new Error('another process joined these files meanwhile');
      await insertFile(tx, source, made);
      await discardLater(rooms, tx, digests);
    });
  }
}

async function compactLabels(rooms: Rooms, source: Source): Promise<void> {
  const { database } = rooms.kernel;
  // The latest stays: it tells a repeated request.
  const files = (await listLabelFiles(database, source)).slice(0, -1).map((file) => ({ ...file, rows: file.labels }));
  for (const group of groupsToJoin(files)) {
    const latest = group.at(-1);
    if (latest === undefined) continue;
    const digests = group.map(({ digest }) => digest);
    const digest = await joinFiles(rooms, digests, 'id');
    const firsts = group.flatMap(({ first }) => (first === undefined ? [] : [first]));
    const lasts = group.flatMap(({ last }) => (last === undefined ? [] : [last]));
    const made = {
      ...latest,
      digest,
      labels: group.reduce((sum, { labels }) => sum + labels, 0),
      joined: group.reduce((sum, { joined }) => sum + joined, 0),
      first: firsts.length === 0 ? undefined : Math.min(...firsts),
      last: lasts.length === 0 ? undefined : Math.max(...lasts),
    };
    await database.transaction(async (tx) => {
      if (
        (await deleteLabelFiles(
          tx,
          source,
          group.map(({ sequence }) => sequence),
        )) !== group.length
      ) {
        throw new Error('another process joined these labels meanwhile');
      }
      await insertLabelFile(tx, source, made);
      await discardLater(rooms, tx, digests);
    });
  }
}

async function joinFiles({ kernel, work }: Rooms, digests: readonly Digest[], order: string): Promise<Digest> {
  const paths = await Promise.all(digests.map((digest) => kernel.objects.path(digest)));
  return work.within(async (directory) => {
    const path = join(directory, 'joined.parquet');
    const from = `read_parquet(${quoteList(paths)}, union_by_name = true)`;
    await kernel.analytics.run(
      `COPY (SELECT * FROM ${from} ORDER BY ${order}) TO ${quoteLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return (await kernel.objects.putFile(path)).digest;
  });
}

async function discardLater({ kernel }: Rooms, tx: Queryable, digests: readonly Digest[]): Promise<void> {
  await kernel.jobs.enqueue(tx, { kind: discardJob, payload: { digests }, runAt: kernel.clock.now() + discardAfterMs, priority: -1 });
}

/** Two files may be the same bytes; those that are still named stay. */
async function discard({ kernel }: Rooms, digests: readonly Digest[]): Promise<void> {
  for (const digest of digests) {
    const named = (await countFilesOf(kernel.database, digest)) + (await countLabelFilesOf(kernel.database, digest));
    if (named === 0) await kernel.objects.delete(digest);
  }
}
