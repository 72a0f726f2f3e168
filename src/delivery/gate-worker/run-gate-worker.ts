import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { spawnService } from '#kernel/processes/index.ts';
import { deliveryErrors } from '../errors.ts';
import type { GateVerdictReport, GateWork } from './protocol.ts';

export interface GateWorkerOptions {
  /** Id of the server instance, see kernel/processes. */
  readonly owner: string;
  readonly directory: string;
  readonly signal: AbortSignal;
  /** Default two minutes. */
  readonly timeoutMs?: number | undefined;
  /** Another program in place of the worker. */
  readonly file?: string | undefined;
}

const figure = z.number().optional();
const check = z.object({
  name: z.string(),
  outcome: z.enum(['passed', 'refused']),
  missing: z.literal(true).optional(),
  value: figure,
  threshold: figure,
  comparison: z
    .object({
      metric: z.string(),
      candidate: z.number(),
      opponent: z.number(),
      gain: z.number(),
      lower: z.number(),
      upper: z.number(),
      confidence: z.number(),
      rows: z.number(),
    })
    .optional(),
  explanation: z.string(),
});
const sample = z.object({
  inputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.string(),
      shape: z.array(z.number()),
      data: z.array(z.union([z.string(), z.number(), z.nan(), z.boolean()])),
    }),
  ),
  output: z.string(),
  scores: z.array(z.union([z.number(), z.nan()])),
});
const answer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('verdict'),
    report: z.object({
      checks: z.array(check).min(1),
      measurements: z.object({ rows: z.number(), latencyP50Ms: figure, latencyP99Ms: figure, batchP50Ms: figure, batchRows: figure }),
      smoke: sample.optional(),
    }),
  }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);

const timeoutMs = 120_000;

/**
 * Judges in a child process. Whatever goes wrong there (a crash, a hang, an answer that makes no sense) throws
 * `delivery.gate-worker-failed`; a stop of the server throws the signal's reason.
 */
export async function runGateWorker(work: GateWork, options: GateWorkerOptions): Promise<GateVerdictReport> {
  options.signal.throwIfAborted();
  let lastWords = '';
  const worker = spawnService({
    name: 'gate worker',
    file: options.file ?? fileURLToPath(new URL('main.ts', import.meta.url)),
    cwd: options.directory,
    env: { LANG: 'C.UTF-8', TZ: 'UTC', TMPDIR: options.directory },
    graceMs: 500,
    owner: options.owner,
    onLog: ({ stream, text }) => {
      if (stream === 'stderr' && text.trim() !== '') lastWords = text.trim().slice(0, 500);
    },
  });
  const limit = AbortSignal.timeout(options.timeoutMs ?? timeoutMs);
  const stop = (): void => void worker.stop('the gate no longer waits');
  for (const signal of [options.signal, limit]) signal.addEventListener('abort', stop, { once: true });
  try {
    await worker.nextMessage(() => true);
    await worker.send(work).catch(() => undefined);
    const message = await worker.nextMessage(() => true);
    if (message === undefined) throw await whyGone();
    const parsed = answer.safeParse(message);
    if (!parsed.success) throw deliveryErrors['gate-worker-failed']({ reason: 'it gave an answer that cannot be read' }, parsed.error);
    if (parsed.data.kind === 'failed') throw deliveryErrors['gate-worker-failed']({ reason: parsed.data.message });
    const { report } = parsed.data;
    return { ...report, smoke: report.smoke };
  } finally {
    for (const signal of [options.signal, limit]) signal.removeEventListener('abort', stop);
    await worker.stop('done');
  }

  async function whyGone(): Promise<Error> {
    const exit = await worker.exited;
    options.signal.throwIfAborted();
    const how = exit.signal === undefined ? `it exited with code ${exit.code}` : `${exit.signal} ended it`;
    const why = limit.aborted ? `it did not finish within ${(options.timeoutMs ?? timeoutMs) / 1000} s` : how;
    return deliveryErrors['gate-worker-failed']({ reason: lastWords === '' ? why : `${why}; it wrote: ${lastWords}` });
  }
}
