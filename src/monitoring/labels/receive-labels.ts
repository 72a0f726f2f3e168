import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quoteLiteral } from '#kernel/analytics/index.ts';
import type { ChangeContext } from '#kernel/events/index.ts';
import { type Digest, digestOf } from '#kernel/objects/index.ts';
import { askToCompact } from '../compaction/compact.ts';
import type { Rooms } from '../deps.ts';
import { type Monitor, monitoringSource, type Watched } from '../model.ts';
import { findMonitor } from '../monitors/monitor-store.ts';
import { listFiles } from '../predictions/prediction-store.ts';
import { askForEvaluation } from '../windows/jobs.ts';
import { predictionsRelation } from '../windows/scan.ts';
import { markChanged, windowStarts } from '../windows/window-store.ts';
import { insertLabelFile, type LabelFile, latestLabelFile } from './label-store.ts';
import { createTurns } from '../turns.ts';
import { wellFormed } from '../well-formed.ts';

/** What became of a prediction. */
export interface Label {
  /** The prediction's id: that of the request, with `/<row>` where the request had several rows. */
  readonly id: string;
  readonly label: number;
  /** When it was known, epoch ms. */
  readonly time?: number | undefined;
  readonly source?: string | undefined;
}

export interface ReceivedLabels {
  readonly received: number;
  /** Predictions among them that are known; the others wait for theirs. */
  readonly joined: number;
  /** The same request had come last; nothing was changed. */
  readonly repeated: boolean;
}

interface Join {
  readonly joined: number;
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly minutes: readonly number[];
  readonly medianDelayMs: number | undefined;
}

const nothingJoined: Join = { joined: 0, first: undefined, last: undefined, minutes: [], medianDelayMs: undefined };

/**
 * Keeps labels. When this resolves they are durable and the windows of their predictions are due. Of several labels of a prediction the
 * one received last holds; the earlier ones stay on record.
 */
export function createLabels(rooms: Rooms) {
  const inTurn = createTurns();
  return (context: ChangeContext, watched: Watched, labels: readonly Label[]): Promise<ReceivedLabels> =>
    inTurn(`${watched.project}/${watched.deployment}`, () => receive(rooms, { context, watched }, labels));
}

async function receive(
  rooms: Rooms,
  { context, watched }: { readonly context: ChangeContext; readonly watched: Watched },
  labels: readonly Label[],
): Promise<ReceivedLabels> {
  const { database } = rooms.kernel;
  // Of labels of one prediction in one request the last one holds.
  const distinct = [...new Map(labels.map((label) => [label.id, label])).values()];
  const lines = distinct
    .map(({ id, label, time, source }) => JSON.stringify({ id: wellFormed(id), value: label, time, source: source && wellFormed(source) }))
    .join('\n');
  const content = digestOf(lines);
  const latest = await latestLabelFile(database, watched);
  if (latest?.content === content) return { received: labels.length, joined: latest.joined, repeated: true };
  const sequence = (latest?.sequence ?? 0) + 1;
  return rooms.work.within(async (directory) => {
    const { path, digest } = await writeLabels(rooms, { directory, lines, sequence });
    const found = await joinPredictions(rooms, watched, path);
    const { joined, first, last } = found;
    const file = { sequence, content, digest, labels: distinct.length, joined, first, last, receivedAt: rooms.kernel.clock.now() };
    await record(rooms, { context, watched, file, found });
    return { received: labels.length, joined: found.joined, repeated: false };
  });
}

async function writeLabels(
  { kernel }: Rooms,
  { directory, lines, sequence }: { readonly directory: string; readonly lines: string; readonly sequence: number },
): Promise<{ readonly path: string; readonly digest: Digest }> {
  const source = join(directory, 'labels.ndjson');
  const path = join(directory, 'labels.parquet');
  await writeFile(source, lines);
  const columns = "{'id': 'VARCHAR', 'value': 'DOUBLE', 'time': 'BIGINT', 'source': 'VARCHAR'}";
  const read = `read_json(${quoteLiteral(source)}, format = 'newline_delimited', columns = ${columns}, maximum_object_size = 1048576)`;
  await kernel.analytics.run(
    `COPY (SELECT *, ${sequence}::BIGINT AS sequence FROM ${read} ORDER BY id) TO ${quoteLiteral(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  return { path, digest: (await kernel.objects.putFile(path)).digest };
}

async function joinPredictions({ kernel }: Rooms, watched: Watched, labels: string): Promise<Join> {
  const files = await listFiles(kernel.database, monitoringSource(watched));
  if (files.length === 0) return nothingJoined;
  const paths = await Promise.all(files.map(({ digest }) => kernel.objects.path(digest)));
  const [row] = await kernel.analytics.query<{
    joined: number;
    first: number | null;
    last: number | null;
    minutes: readonly number[] | null;
    delay: number | null;
  }>(
    `SELECT count(DISTINCT p.id) AS joined, min(event_time) AS first, max(event_time) AS last,
       list(DISTINCT event_time // 60000) AS minutes, median(l.time - event_time) AS delay
     FROM ${predictionsRelation(paths)} p JOIN read_parquet(${quoteLiteral(labels)}) l USING (id)`,
  );
  if (row === undefined || row.joined === 0) return nothingJoined;
  const { joined, first, last, minutes, delay } = row;
  return { joined, first: first ?? undefined, last: last ?? undefined, minutes: minutes ?? [], medianDelayMs: delay ?? undefined };
}

interface Recorded {
  readonly context: ChangeContext;
  readonly watched: Watched;
  readonly file: LabelFile;
  readonly found: Join;
}

async function record({ kernel }: Rooms, { context, watched, file, found }: Recorded): Promise<void> {
  const { project, deployment } = watched;
  await kernel.events.change({ ...context, project }, async (change) => {
    await insertLabelFile(change, watched, file);
    await askToCompact({ kernel }, change, monitoringSource(watched));
    const monitor: Monitor | undefined = await findMonitor(change, watched);
    if (monitor !== undefined && found.joined > 0) {
      const { window } = monitor.declaration;
      await markChanged(change, watched, { window, starts: windowStarts(found.minutes, window), now: file.receivedAt });
      await askForEvaluation(kernel.jobs, change, { watched, now: file.receivedAt });
    }
    change.emit({
      type: 'labels.received',
      source: 'monitoring',
      subject: `projects/${project}/deployments/${deployment}`,
      data: { deployment, count: file.labels, joined: found.joined, medianDelayMs: found.medianDelayMs },
    });
  });
}
