import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { OutputStream } from './model.ts';

/** How long output may still come from something that escaped the group and holds its pipes. */
const drainMs = 1000;

/** Passes the output on; the result waits until both streams have ended. */
export function followOutput(child: ChildProcess, onOutput: (stream: OutputStream, chunk: Buffer) => void): () => Promise<void> {
  const follow = (name: OutputStream, stream: Readable | null): Promise<void> => {
    stream?.on('data', (chunk: Buffer) => onOutput(name, chunk));
    return new Promise((done) => (stream === null ? done() : stream.once('close', done)));
  };
  const both = Promise.all([follow('stdout', child.stdout), follow('stderr', child.stderr)]);
  return async () => {
    const limit = new AbortController();
    const timedOut = pause(drainMs, undefined, { signal: limit.signal }).catch(() => undefined);
    await Promise.race([both, timedOut]);
    limit.abort();
  };
}
