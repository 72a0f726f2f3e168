import { askToCompact } from '../compaction/compact.ts';
import type { Rooms } from '../deps.ts';
import { findMonitor } from '../monitors/monitor-store.ts';
import { askForEvaluation } from '../windows/jobs.ts';
import { markChanged, windowStarts } from '../windows/window-store.ts';
import { parsePredictionLine, type PredictionRow } from './prediction-line.ts';
import { findSegment, insertFile, insertSegment, type PredictionSegment, type Source } from './prediction-store.ts';
import { segmentLines } from './read-segment.ts';
import { writePredictions } from './write-predictions.ts';

export interface ReceivedSegment extends PredictionSegment {
  /** It had come before; nothing was changed. */
  readonly repeated: boolean;
}

/**
 * Keeps a segment of an agent's prediction log. When this resolves it is durable and its windows are due; a segment that comes again is
 * answered as before. What is no prediction is counted, never refused: the agent could only send it again.
 * @throws `monitoring.segment-unreadable` when the compression is broken
 */
export async function receiveSegment(
  rooms: Rooms,
  source: Source,
  { segment, body }: { readonly segment: string; readonly body: AsyncIterable<Uint8Array> },
): Promise<ReceivedSegment> {
  const { database, analytics, objects, ids, clock, jobs, log } = rooms.kernel;
  const known = await findSegment(database, source, segment);
  if (known !== undefined) return { ...known, repeated: true };
  return rooms.work.within(async (directory) => {
    const counts = { corrupt: 0, misdated: 0, problem: undefined as string | undefined };
    const written = await writePredictions(analytics, directory, predictionsOf(segmentLines(segment, body), counts));
    const stored = written && (await objects.putFile(written.path));
    const made: PredictionSegment = { segment, predictions: written?.rows ?? 0, ...counts };
    if (counts.corrupt > 0) log.warn({ ...source, ...made }, 'a prediction segment has lines that are no predictions');
    const isNew = await database.transaction(async (tx) => {
      const now = clock.now();
      if (!(await insertSegment(tx, source, made, now))) return false;
      if (written === undefined || stored === undefined) return true;
      const { rows, first, last, inputs, outputs } = written;
      await insertFile(tx, source, { id: ids.next(), digest: stored.digest, rows, first, last, inputs, outputs });
      await askToCompact(rooms, tx, source);
      const monitor = source.environment === 'production' ? await findMonitor(tx, source) : undefined;
      if (monitor === undefined) return true;
      const { window } = monitor.declaration;
      await markChanged(tx, source, { window, starts: windowStarts(written.minutes, window), now });
      await askForEvaluation(jobs, tx, { watched: source, now });
      return true;
    });
    return { ...(isNew ? made : ((await findSegment(database, source, segment)) ?? made)), repeated: !isNew };
  });
}

async function* predictionsOf(
  batches: AsyncIterable<readonly string[]>,
  counts: { corrupt: number; misdated: number; problem: string | undefined },
): AsyncGenerator<readonly PredictionRow[]> {
  let number = 0;
  for await (const lines of batches) {
    const rows: PredictionRow[] = [];
    for (const line of lines) {
      number += 1;
      if (line.trim() === '') continue;
      const parsed = parsePredictionLine(line);
      if ('problem' in parsed) {
        counts.corrupt += 1;
        counts.problem ??= `line ${number}: ${parsed.problem}`.slice(0, 300);
        continue;
      }
      if (parsed.misdated) counts.misdated += parsed.rows.length;
      rows.push(...parsed.rows);
    }
    yield rows;
  }
}
