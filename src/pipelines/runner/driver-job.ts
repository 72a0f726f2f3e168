import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { systemCode } from '../code/system-code.ts';
import type { PipelineRun } from '../model.ts';
import { unfinishedRuns } from '../run-store.ts';
import { drive } from './drive.ts';
import { failRun, isPermanent } from './fail-run.ts';
import { driveJob } from './finish-run.ts';
import type { RunnerDeps } from './session.ts';
import { workFolder } from './workspace.ts';

const payloadSchema = z.object({ pipelineRun: z.string() });

/** Runs are driven by a job each, so a run outlives its server. Gives what cancels those driven here. */
export function defineDriver(deps: RunnerDeps): ReadonlyMap<string, AbortController> {
  const cancels = new Map<string, AbortController>();
  deps.jobs.define(driveJob, {
    // A run that a crash interrupts is taken up again however often that happens; a failing step ends the run, not the job.
    maxAttempts: 1000,
    longestBackoffMs: 30_000,
    concurrency: 16,
    async handle(job, stop) {
      const { pipelineRun } = payloadSchema.parse(job.payload);
      const cancel = new AbortController();
      cancels.set(pipelineRun, cancel);
      try {
        await drive(deps, pipelineRun, { stop, cancel });
      } catch (error) {
        if (stop.aborted || !isPermanent(error)) throw error;
        deps.log.error({ err: error, pipelineRun }, 'a pipeline run could not be driven');
        await failRun(deps, pipelineRun, error);
      } finally {
        cancels.delete(pipelineRun);
      }
    },
  });
  return cancels;
}

/** Every unfinished run has its job again, also where the job was lost or given up. One that waits for its trigger's turn stays waiting. */
export async function resume(deps: RunnerDeps): Promise<void> {
  const runs = await unfinishedRuns(deps.events.database);
  await removeLeftovers(deps.home, new Set<string>(runs.map((run) => run.id)));
  const busy = new Set(runs.filter((run) => run.state === 'running').map(triggerOf));
  for (const run of runs) {
    const waits = run.state === 'queued' && run.triggerName !== undefined && busy.has(triggerOf(run));
    const jobs = waits ? [] : await deps.jobs.find({ kind: driveJob, key: run.id });
    if (waits || jobs.some((job) => job.state !== 'dead')) continue;
    await deps.jobs.enqueue(deps.events.database, {
      kind: driveJob,
      key: run.id,
      payload: { pipelineRun: run.id },
    });
  }
}

function triggerOf(run: PipelineRun): string {
  return `${run.project}/${run.triggerName ?? run.id}`;
}

/** Folders of runs that have ended, left by a server that was killed before it could clear them. */
async function removeLeftovers(home: string, unfinished: ReadonlySet<string>): Promise<void> {
  const names = await readdir(workFolder(home)).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) if (!unfinished.has(name)) await rm(join(workFolder(home), name), { recursive: true, force: true });
}
