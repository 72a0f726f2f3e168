import type { EventDraft, RipenEvent } from '#kernel/events/index.ts';
import type { PipelineRun } from './model.ts';

export function startedEvent(run: PipelineRun): EventDraft {
  const { pipeline, codeDigest, environmentDigest, commit, dirty, parameters } = run;
  const trigger = { kind: run.trigger.kind, event: run.trigger.event };
  return {
    type: 'pipeline.run.started',
    source: 'pipelines',
    subject: `projects/${run.project}/pipeline-runs/${run.id}`,
    data: { pipelineRun: run.id, pipeline, trigger, codeDigest, environmentDigest, commit, dirty, parameters },
  };
}

/** A run that an alert caused. */
export function retrainingEvent(run: PipelineRun, cause: RipenEvent): EventDraft {
  const { alert } = cause.data;
  return {
    type: 'retraining.triggered',
    source: 'pipelines',
    subject: `projects/${run.project}/pipeline-runs/${run.id}`,
    data: { pipelineRun: run.id, pipeline: run.pipeline, alert, event: cause.number },
  };
}
