import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '#kernel/clock.ts';
import type { Ids } from '#kernel/ids.ts';

/** A file of prediction lines that is complete and waits to be uploaded. */
export interface Segment {
  readonly id: string;
  readonly project: string;
  readonly deployment: string;
  readonly path: string;
  readonly bytes: number;
}

/**
 * Prediction lines on their way to the control plane: files of lines in `<directory>/<project>/<deployment>/`. A line is in the
 * operating system's hands before `append` returns, so the end of this process loses none.
 */
export interface Spool {
  /** Appends one line, given without its end. Never throws: an answer is worth more than its line; `problem` tells. */
  append(to: { readonly project: string; readonly deployment: string }, line: string): void;
  /** Completes segments that are old enough; all of them with `force`. */
  seal(force?: boolean): void;
  /** The oldest first. */
  sealed(): readonly Segment[];
  remove(segment: Segment): void;
  /** Sets a segment aside that the control plane will never take. */
  reject(segment: Segment, why: string): void;
  readonly problem: string | undefined;
}

interface Open {
  readonly id: string;
  readonly folder: string;
  readonly project: string;
  readonly deployment: string;
  readonly file: number;
  readonly since: number;
  bytes: number;
}

export interface SpoolOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly segmentBytes?: number;
  readonly segmentMs?: number;
  /** Past it new lines are dropped, and said to be. */
  readonly totalBytes?: number;
}

export function openSpool(options: SpoolOptions): Spool {
  const { directory, clock, ids, segmentBytes = 4 * 1024 * 1024, segmentMs = 2000, totalBytes = 2 * 1024 ** 3 } = options;
  const opened = new Map<string, Open>();
  const complete = recover(directory);
  let held = complete.reduce((sum, { bytes }) => sum + bytes, 0);
  let dropped = 0;
  let problem: string | undefined;

  const open = ({ project, deployment }: { project: string; deployment: string }): Open => {
    const folder = join(directory, project, deployment);
    mkdirSync(folder, { recursive: true });
    const id = ids.next();
    const file = openSync(join(folder, `${id}.open`), 'a', 0o600);
    const segment = { id, folder, project, deployment, file, since: clock.now(), bytes: 0 };
    opened.set(deployment, segment);
    return segment;
  };
  const close = (segment: Open): void => {
    opened.delete(segment.deployment);
    closeSync(segment.file);
    const path = join(segment.folder, `${segment.id}.ndjson`);
    renameSync(join(segment.folder, `${segment.id}.open`), path);
    const { id, project, deployment, bytes } = segment;
    complete.push({ id, project, deployment, path, bytes });
  };
  return {
    append(to, line) {
      if (held > totalBytes) {
        dropped += 1;
        problem = `the spool is full (${Math.round(held / 1024 / 1024)} MiB wait for the control plane); ${dropped} prediction lines were dropped`;
        return;
      }
      try {
        const segment = opened.get(to.deployment) ?? open(to);
        const bytes = writeSync(segment.file, `${line}\n`);
        segment.bytes += bytes;
        held += bytes;
        if (segment.bytes >= segmentBytes) close(segment);
      } catch (error) {
        dropped += 1;
        problem = `${dropped} prediction lines could not be written: ${error instanceof Error ? error.message : String(error)}`;
      }
    },
    seal(force = false) {
      for (const segment of opened.values()) if (force || clock.now() - segment.since >= segmentMs) close(segment);
    },
    sealed: () => complete,
    remove(segment) {
      rmSync(segment.path, { force: true });
      forget(complete, segment);
      held -= segment.bytes;
    },
    reject(segment, why) {
      renameSync(segment.path, `${segment.path}.rejected`);
      forget(complete, segment);
      held -= segment.bytes;
      problem = `the control plane refused the segment ${segment.id}, which is kept as ${segment.path}.rejected: ${why}`;
    },
    get problem() {
      return problem;
    },
  };
}

function forget(list: Segment[], segment: Segment): void {
  const at = list.indexOf(segment);
  if (at >= 0) list.splice(at, 1);
}

/** What an earlier agent left: its open segments end at their last whole line. */
function recover(directory: string): Segment[] {
  const found: Segment[] = [];
  for (const project of foldersIn(directory)) {
    for (const deployment of foldersIn(join(directory, project))) {
      const folder = join(directory, project, deployment);
      for (const name of readdirSync(folder)) {
        const [, id, kind] = /^([0-9a-f]{32})\.(open|ndjson)$/.exec(name) ?? [];
        if (id === undefined) continue;
        const path = join(folder, `${id}.ndjson`);
        if (kind === 'open') {
          cutTornLine(join(folder, name));
          renameSync(join(folder, name), path);
        }
        const bytes = statSync(path).size;
        if (bytes === 0) rmSync(path);
        else found.push({ id, project, deployment, path, bytes });
      }
    }
  }
  return found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function foldersIn(directory: string): readonly string[] {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

const newline = 10;

function cutTornLine(path: string): void {
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    const step = Buffer.alloc(64 * 1024);
    for (let end = size; end > 0;) {
      const start = Math.max(0, end - step.byteLength);
      const read = readSync(file, step, 0, end - start, start);
      const at = step.subarray(0, read).lastIndexOf(newline);
      if (at >= 0) {
        ftruncateSync(file, start + at + 1);
        return;
      }
      end = start;
    }
    ftruncateSync(file, 0);
  } finally {
    closeSync(file);
  }
}
