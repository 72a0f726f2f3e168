import type { Queryable } from '#kernel/database/index.ts';
import type { Jobs, Schedule } from '#kernel/jobs/index.ts';
import type { PipelineDefinition } from '../model.ts';

/** The name of the job that a schedule enqueues. */
export const triggeredJob = 'pipelines.triggered';

/** Which trigger of a definition, in all places that name it. */
export function triggerName(pipeline: string, index: number): string {
  return `${pipeline}#${index}`;
}

function scheduleName(project: string, pipeline: string, index: number): string {
  return `pipelines/${project}/${triggerName(pipeline, index)}`;
}

/** Brings the schedules of one pipeline in line with its definition. */
export async function setSchedules(
  jobs: Jobs,
  tx: Queryable,
  { project, definition }: { project: string; definition: PipelineDefinition },
): Promise<void> {
  for (const [index, trigger] of definition.triggers.entries()) {
    if (trigger.kind !== 'schedule') continue;
    const { cron, zone } = trigger;
    const payload = { project, pipeline: definition.name, trigger: index };
    await jobs.schedule(tx, { name: scheduleName(project, definition.name, index), kind: triggeredJob, cron, zone, payload });
  }
}

/** Removes schedules of a project that no definition declares any more. */
export async function removeSchedules(
  jobs: Jobs,
  tx: Queryable,
  { project, pipelines, present }: { project: string; pipelines: readonly PipelineDefinition[]; present: readonly Schedule[] },
): Promise<void> {
  const wanted = new Set(
    pipelines.flatMap(({ name, triggers }) =>
      triggers.flatMap((trigger, index) => (trigger.kind === 'schedule' ? [scheduleName(project, name, index)] : [])),
    ),
  );
  for (const { name } of present) if (!wanted.has(name)) await jobs.unschedule(tx, name);
}
