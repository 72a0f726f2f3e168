import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import type { Log } from '#kernel/log.ts';
import type { ControlPlane } from './control-plane.ts';
import type { Segment, Spool } from './spool.ts';

const compress = promisify(zstdCompress);
const lookEveryMs = 500;
const longestPauseMs = 15_000;

/** Brings complete segments to the control plane in their order, and removes each when it has been taken. Runs until the signal fires. */
export async function uploadSegments(
  { spool, controlPlane, log }: { spool: Spool; controlPlane: ControlPlane; log: Log },
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    spool.seal();
    const [segment] = spool.sealed();
    if (segment === undefined) {
      await rest(lookEveryMs, signal);
      continue;
    }
    const why = await uploadOne(segment, { spool, controlPlane });
    failures = why === undefined ? 0 : failures + 1;
    if (why === undefined) continue;
    if (failures === 1) log.warn({ segment: segment.id, why }, 'prediction segments wait: they could not be uploaded');
    await rest(Math.min(longestPauseMs, lookEveryMs * 2 ** failures), signal);
  }
}

/** Why it has to be tried again, or undefined when it need not. */
async function uploadOne(
  segment: Segment,
  { spool, controlPlane }: { spool: Spool; controlPlane: ControlPlane },
): Promise<string | undefined> {
  try {
    const lines = await readFile(segment.path);
    const body = await compress(lines, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    const { outcome, why = 'no reason was given' } = await controlPlane.upload(segment, new Uint8Array(body));
    if (outcome === 'later') return why;
    if (outcome === 'taken') spool.remove(segment);
    else spool.reject(segment, why);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  // The only error is the abort, which the loop sees.
  await pause(milliseconds, undefined, { signal }).catch(() => undefined);
}
