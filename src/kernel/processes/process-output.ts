import { openBoundedLog } from './bounded-log.ts';
import { type LineSplitter, splitLines } from './line-splitter.ts';
import type { OutputStream, ProcessLog } from './model.ts';

export interface ProcessOutput {
  readonly write: (stream: OutputStream, chunk: Buffer) => void;
  close(): Promise<{ readonly droppedBytes: number; readonly error: Error | undefined }>;
}

const defaultMaxBytes = 16 * 1024 * 1024;
const linesPerSecond = 1000;

/** Where the output of a process goes: a bounded file and, line by line, a listener. */
export function openProcessOutput(log: ProcessLog | undefined): ProcessOutput {
  if (log === undefined) return { write: () => undefined, close: () => Promise.resolve({ droppedBytes: 0, error: undefined }) };
  const maxBytes = log.maxBytes ?? defaultMaxBytes;
  const file = openBoundedLog(log.path, maxBytes);
  const { onLine } = log;
  const allowance = lineAllowance();
  let total = 0;
  const splitter = (stream: OutputStream): LineSplitter | undefined =>
    onLine &&
    splitLines(
      (line) => onLine(stream, line),
      () => total <= maxBytes || allowance(),
    );
  const splitters = { stdout: splitter('stdout'), stderr: splitter('stderr') };

  return {
    write: (stream, chunk) => {
      total += chunk.length;
      file.write(chunk);
      splitters[stream]?.write(chunk);
    },
    close: () => {
      splitters.stdout?.end();
      splitters.stderr?.end();
      return file.close();
    },
  };
}

/** A flood of short lines would cost more to pass on than to write. */
function lineAllowance(): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) count = 0;
    second = now;
    count += 1;
    return count <= linesPerSecond;
  };
}
