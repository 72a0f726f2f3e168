import type { PipelineRunDetailWire, PipelineRunWire } from '#pipelines/index.ts';
import type { RunWire } from '#tracking/index.ts';
import { followPipelineRun } from '../follow-pipeline-run.ts';
import { formatNumber } from '../output.ts';
import type { Task } from '../progress.ts';
import { inProject, project, type TourSession } from './session.ts';

export interface Training {
  readonly title: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

/** Trains, judges and registers a model, or finds the version that an earlier start of the tour has registered so. */
export async function train(session: TourSession, { title, parameters }: Training): Promise<number> {
  const { client, progress } = session;
  const { items } = await client.get<{ items: PipelineRunWire[] }>(inProject('/pipeline-runs'), { pipeline: 'train' });
  const same = items.find(
    (run) => run.trigger.kind === 'manual' && run.state !== 'failed' && run.state !== 'cancelled' && sameParameters(run, parameters),
  );
  if (same?.registered !== undefined) return same.registered.version;
  return progress.task(title, async (task) => {
    const started = same ?? (await client.post<PipelineRunWire>(inProject('/pipelines/train/runs'), { parameters }));
    return tellTraining(session, await followPipelineRun(client, { project, id: started.id }, task), task);
  });
}

/** Says how good the model of a finished training is. @returns its version */
export async function tellTraining({ client }: TourSession, run: PipelineRunDetailWire, task: Task): Promise<number> {
  const tracked = await client.get<RunWire>(inProject(`/runs/${run.run}`));
  const metric = (name: string): string => formatNumber(numberOf(tracked, name)) ?? '–';
  const version = run.registered?.version ?? 0;
  task.result(`version ${version}, AUC ${metric('auc')} (baseline ${metric('baseline_auc')}), log loss ${metric('log_loss')}`);
  return version;
}

function numberOf(run: RunWire, name: string): number | undefined {
  const value = run.metrics[name];
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : undefined;
}

function sameParameters(run: PipelineRunWire, parameters: Training['parameters']): boolean {
  const shuffled = run.parameters['shuffle_labels'] === true;
  return shuffled === (parameters['shuffle_labels'] === true);
}
