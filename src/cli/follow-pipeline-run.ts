import { RipenError } from '#kernel/errors.ts';
import type { PipelineRunDetailWire, PipelineRunWire } from '#pipelines/index.ts';
import type { Client } from './client.ts';
import type { Task } from './progress.ts';

const pollMs = 150;

/** Waits until a pipeline run has ended, telling its steps as they go. @throws with the failure's own code when it did not succeed */
export async function followPipelineRun(
  client: Client,
  { project, id }: Pick<PipelineRunWire, 'project' | 'id'>,
  task: Task,
): Promise<PipelineRunDetailWire> {
  for (;;) {
    const run = await client.get<PipelineRunDetailWire>(`/api/v1/projects/${project}/pipeline-runs/${id}`);
    if (run.state === 'succeeded') return run;
    if (run.state === 'failed' || run.state === 'cancelled') throw failureOf(run);
    const step = run.steps.find(({ state }) => state === 'running');
    if (step !== undefined) {
      const { done, total, label } = step.progress ?? {};
      task.update({
        ...(done === undefined ? {} : { done }),
        ...(total === undefined ? {} : { total }),
        note: label === undefined ? step.step : `${step.step}: ${label}`,
      });
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

function failureOf(run: PipelineRunDetailWire): RipenError {
  const failed = run.steps.find((step) => step.failure !== undefined);
  const failure = run.failure ?? failed?.failure;
  const look = failed?.hasLog === true ? `ripen pipeline logs ${run.id} ${failed.step}` : `ripen pipeline show ${run.id}`;
  return new RipenError({
    code: failure?.code ?? 'cli.pipeline-run-ended',
    kind: 'conflict',
    message: failure?.message ?? `The pipeline run ${run.id} was ${run.state}.`,
    hint: [failure?.hint, `See \`${look}\`.`].filter((part) => part !== undefined).join(' '),
  });
}
