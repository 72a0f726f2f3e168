import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '#kernel/database/index.ts';
import type { ServerSentEvent } from '#kernel/http/index.ts';
import type { ObjectStore } from '#kernel/objects/index.ts';
import { systemCode } from './code/system-code.ts';
import { pipelineErrors } from './errors.ts';
import type { StepRun } from './model.ts';
import { stepLogPath } from './runner/workspace.ts';
import { isStepDone } from './states.ts';
import { selectStep } from './step-store.ts';

export interface StepLogs {
  /** Bytes `start` to `end` (exclusive) of what the step has printed so far. @throws `pipelines.step-not-found` */
  read(pipelineRun: string, step: string, range: { readonly start: number; readonly end?: number | undefined }): Promise<Uint8Array>;
  /**
   * What the step prints from byte `start` on, as it comes: `log` events with `text`, whose id is the position behind it; `reset` when
   * the log begins anew, because the step is tried again; at last `end` with the state of the step.
   */
  follow(pipelineRun: string, step: string, start: number): AsyncIterable<ServerSentEvent>;
}

const lookMs = 250;
const chunkBytes = 256 * 1024;

export function createStepLogs(deps: { readonly database: Database; readonly objects: ObjectStore; readonly home: string }): StepLogs {
  async function stepOf(pipelineRun: string, name: string): Promise<StepRun> {
    const step = await selectStep(deps.database, pipelineRun, name);
    if (step === undefined) throw pipelineErrors['step-not-found']({ pipelineRun, step: name });
    return step;
  }

  async function bytesOf(step: StepRun, { start, end }: { start: number; end?: number | undefined }): Promise<Uint8Array> {
    if (step.log === undefined)
      return isStepDone(step.state) ? new Uint8Array() : readFilePart(stepLogPath(deps.home, step.pipelineRun, step.step), start, end);
    const size = await deps.objects.size(step.log);
    if (start >= size) return new Uint8Array();
    const chunks: Uint8Array[] = [];
    for await (const chunk of await deps.objects.get(step.log, { start, end })) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async function* follow(pipelineRun: string, name: string, start: number): AsyncGenerator<ServerSentEvent> {
    let position = start;
    let attempts: number | undefined;
    let decoder = new TextDecoder();
    for (;;) {
      const step = await stepOf(pipelineRun, name);
      if (attempts !== undefined && attempts !== 0 && (step.attempts !== attempts || (isStepDone(step.state) && attempts > 1))) {
        position = 0;
        decoder = new TextDecoder();
        yield { event: 'reset', data: {} };
      }
      attempts = step.attempts;
      const bytes = await bytesOf(step, { start: position, end: position + chunkBytes });
      position += bytes.length;
      if (bytes.length > 0) yield { id: String(position), event: 'log', data: { text: decoder.decode(bytes, { stream: true }) } };
      else if (isStepDone(step.state)) return yield { event: 'end', data: { state: step.state } };
      else await pause(lookMs);
      // Once it is done and its whole log is being sent, nothing resets it any more.
      if (isStepDone(step.state)) attempts = undefined;
    }
  }

  return { read: async (pipelineRun, name, range) => bytesOf(await stepOf(pipelineRun, name), range), follow };
}

async function readFilePart(path: string, start: number, end: number | undefined): Promise<Uint8Array> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return new Uint8Array();
    throw error;
  }
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.max(0, Math.min(size, end ?? size) - start));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
