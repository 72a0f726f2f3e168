import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type RipenError } from '#kernel/errors.ts';
import type { ObjectStore } from '#kernel/objects/index.ts';
import type { Tracking } from '../collaborators.ts';
import { pipelineErrors } from '../errors.ts';
import type { Progress, StepFailure } from '../model.ts';
import { followFile } from '../steps/follow-file.ts';
import { parseRunLogLine, type RunLogRecord } from '../steps/run-log.ts';
import { failureOf } from './session.ts';
import { sendToTracking } from './send-to-tracking.ts';

const lookMs = 200;
const mostBytes = 64 * 1024 * 1024;
const mostWarnings = 20;

export interface RunLogSinkOptions {
  readonly path: string;
  /** What paths of artifacts are relative to. */
  readonly cwd: string;
  readonly objects: ObjectStore;
  readonly tracking: Tracking;
  /** The tracked run to report to; undefined for a step that is not tracked. */
  readonly run: string | undefined;
  readonly onProgress: (progress: Progress) => void;
}

export interface RunLogSink {
  /** Reads the rest and ends. */
  finish(): Promise<{ readonly records: readonly RunLogRecord[]; readonly warnings: readonly StepFailure[] }>;
}

/** Follows the run log of a running step: to the tracked run as it comes, and kept for a later reuse. */
export function openRunLogSink(options: RunLogSinkOptions): RunLogSink {
  const follower = followFile(options.path, mostBytes);
  const ending = new AbortController();
  const records: RunLogRecord[] = [];
  const warnings: StepFailure[] = [];
  let lineNumber = 0;
  let sendFailed = false;

  const warn = (error: RipenError): void => {
    if (warnings.length < mostWarnings) warnings.push(failureOf(error));
  };

  async function read(end?: 'end'): Promise<void> {
    const wasFull = follower.full;
    const fresh: RunLogRecord[] = [];
    for (const text of await follower.lines(end)) {
      lineNumber += 1;
      const record = text.trim() === '' ? undefined : await recordOf(text);
      if (record !== undefined) fresh.push(record);
    }
    if (follower.full && !wasFull) warn(pipelineErrors['run-log-too-long']({ bytes: mostBytes }));
    records.push(...fresh.filter((record) => record.type !== 'progress'));
    const progress = fresh.findLast((record) => record.type === 'progress');
    if (progress !== undefined) options.onProgress({ done: progress.done, total: progress.total, label: progress.label });
    if (options.run !== undefined) await send(options.run, fresh);
  }

  async function recordOf(text: string): Promise<RunLogRecord | undefined> {
    const parsed = parseRunLogLine(text);
    if ('reason' in parsed) {
      warn(pipelineErrors['run-log-malformed']({ line: lineNumber, reason: parsed.reason }));
      return undefined;
    }
    const { line } = parsed;
    if (line.type !== 'artifact') return line;
    try {
      const { digest } = await options.objects.putFile(resolve(options.cwd, line.path));
      return { type: 'artifact', name: line.name, digest };
    } catch (error) {
      warn(pipelineErrors['run-log-malformed']({ line: lineNumber, reason: failureOf(error).message.replace(/\.$/, '') }, error));
      return undefined;
    }
  }

  async function send(run: string, fresh: readonly RunLogRecord[]): Promise<void> {
    try {
      await sendToTracking(options.tracking, run, fresh);
    } catch (error) {
      // The step goes on: its result does not depend on what is shown of it. One warning says enough.
      if (!sendFailed) warn(pipelineErrors['tracking-failed']({ reason: failureOf(error).message.replace(/\.$/, '') }, error));
      sendFailed = true;
    }
  }

  async function follow(): Promise<void> {
    while (!ending.signal.aborted) {
      await pause(lookMs, undefined, { signal: ending.signal }).catch(() => undefined);
      await read();
    }
    await read('end');
    await follower.close();
  }

  // A failure to read is told by `finish`; until then nobody waits for it.
  const following = follow().catch((error: unknown) => error);
  return {
    async finish() {
      ending.abort();
      const error = await following;
      if (error !== undefined)
        warn(pipelineErrors['run-log-malformed']({ line: lineNumber, reason: `it cannot be read (${failureOf(error).message})` }, error));
      return { records, warnings };
    },
  };
}
