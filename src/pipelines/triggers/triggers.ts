import { type RipenEvent, subscribe, systemActor } from '#kernel/events/index.ts';
import type { Job, Jobs } from '#kernel/jobs/index.ts';
import type { Log } from '#kernel/log.ts';
import { z } from 'zod';
import { triggeringEvents } from '../definition/read-triggers.ts';
import type { PipelineRun, RunTrigger, Trigger } from '../model.ts';
import { selectPipeline, selectPipelines } from '../pipeline-store.ts';
import { selectRun } from '../run-store.ts';
import { isPermanent } from '../runner/fail-run.ts';
import type { TriggeredStart } from '../new-run.ts';
import { type StartDeps, startRun } from '../start-run.ts';
import { matches } from './matches.ts';
import { triggeredJob, triggerName } from './schedules.ts';

/** Runs that start each other by events end after so many. */
const mostDepth = 5;

const payloadSchema = z.object({ project: z.string(), pipeline: z.string(), trigger: z.number(), event: z.number().optional() });

export interface Triggers {
  /** Begins to watch the event log; the returned function stops. */
  start(): () => Promise<void>;
}

/** Starts pipelines by schedules and events. Both end in a job, so that neither is lost and a failing start is tried again. */
export function createTriggers(deps: StartDeps & { readonly log: Log; readonly jobs: Jobs }): Triggers {
  deps.jobs.define(triggeredJob, { maxAttempts: 8, handle: (job) => startTriggered(deps, job) });
  return {
    start: () =>
      subscribe(
        deps.events,
        { name: 'pipelines.triggers', types: Object.keys(triggeringEvents), from: 'now', handle: (event) => enqueueMatching(deps, event) },
        { onError: (error, event) => deps.log.error({ err: error, event: event?.number }, 'an event could not be matched with triggers') },
      ),
  };
}

async function enqueueMatching(deps: StartDeps, event: RipenEvent): Promise<void> {
  if (event.project === undefined) return;
  for (const { definition } of await selectPipelines(deps.events.database, event.project)) {
    for (const [index, trigger] of definition.triggers.entries()) {
      if (trigger.kind !== 'event' || !matches(trigger, event)) continue;
      const payload = { project: event.project, pipeline: definition.name, trigger: index, event: event.number };
      const key = `${event.project}/${triggerName(definition.name, index)}/${event.number}`;
      await deps.jobs.enqueue(deps.events.database, { kind: triggeredJob, key, payload });
    }
  }
}

async function startTriggered(deps: StartDeps & { readonly log: Log }, job: Job): Promise<void> {
  const { project, pipeline, trigger: index, event: number } = payloadSchema.parse(job.payload);
  const trigger = (await selectPipeline(deps.events.database, project, pipeline))?.definition.triggers[index];
  if (trigger === undefined) return;
  const cause = number === undefined ? undefined : (await deps.events.find({ after: number - 1, upTo: number }))[0];
  const parent = cause === undefined ? undefined : await causingRun(deps, cause);
  const depth = parent === undefined ? 0 : parent.depth + 1;
  const where = { project, pipeline, trigger: index, event: number };
  if (parent?.pipeline === pipeline || depth > mostDepth) {
    deps.log.warn(where, 'a trigger was passed over: its own runs caused the event');
    return;
  }
  const request = triggeredStart(trigger, { project, pipeline, index, cause, depth });
  try {
    const run = await startRun(deps, { actor: systemActor }, request);
    deps.log.info(
      { ...where, pipelineRun: run?.id },
      run === undefined ? 'a run of this trigger already waits' : 'a trigger started a pipeline run',
    );
  } catch (error) {
    // What only a person can put right will not get better by trying again.
    if (!isPermanent(error)) throw error;
    deps.log.error({ ...where, err: error }, 'a trigger could not start its pipeline');
  }
}

function triggeredStart(
  trigger: Trigger,
  of: { project: string; pipeline: string; index: number; cause: RipenEvent | undefined; depth: number },
): TriggeredStart {
  const { project, pipeline, index, cause, depth } = of;
  const kind: RunTrigger['kind'] = trigger.kind === 'schedule' ? 'schedule' : (triggeringEvents[trigger.on] ?? 'manual');
  return {
    project,
    pipeline,
    parameters: trigger.parameters,
    trigger: { kind, event: cause?.number },
    triggerName: triggerName(pipeline, index),
    cause,
    depth,
  };
}

/** The pipeline run that made what the event tells of. */
async function causingRun(deps: StartDeps, { data }: RipenEvent): Promise<PipelineRun | undefined> {
  const producer = z.object({ kind: z.literal('pipeline-run'), id: z.string() }).safeParse(data['producer']);
  const id = producer.success ? producer.data.id : data['pipelineRun'];
  return typeof id === 'string' ? selectRun(deps.events.database, id) : undefined;
}
