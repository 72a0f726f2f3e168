import { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { type DirectCall, httpErrors } from '#kernel/http/index.ts';

/** How long a sender may send nothing in the middle of a file. */
const defaultIdleMs = 60_000;

/**
 * Hands the body of a call to what keeps it. A sender that goes away, or that sends nothing for a minute, is told apart from a
 * failure of ours.
 * @throws `http.body-cut-off`, `http.body-too-slow`
 */
export async function receiveFile<Kept>(
  { stream, headers }: DirectCall,
  keep: (content: Readable) => Promise<Kept>,
  idleMs: number = defaultIdleMs,
): Promise<Kept> {
  let received = 0;
  if (stream instanceof IncomingMessage) {
    stream.setTimeout(idleMs, () => stream.destroy(httpErrors['body-too-slow']({ seconds: idleMs / 1000 })));
    // What was received may take its time to be kept.
    stream.once('end', () => stream.setTimeout(0));
    received = stream.socket.bytesRead;
  }
  try {
    return await keep(stream);
  } catch (error) {
    if (!(stream instanceof IncomingMessage) || stream.complete || !stream.readableAborted) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'http.body-too-slow') throw error;
    const announced = Number(headers['content-length'] ?? Infinity);
    throw httpErrors['body-cut-off']({ received: Math.min(stream.socket.bytesRead - received, announced) }, error);
  }
}
