import type { Clock } from '#kernel/clock.ts';
import type { ChangeContext, RipenEvent } from '#kernel/events/index.ts';
import type { Ids } from '#kernel/ids.ts';
import type { CodeSnapshot } from './code/code-snapshots.ts';
import type { Data } from './collaborators.ts';
import type { DatasetPin, ParameterValues, PipelineDefinition, PipelineRun, PipelineRunId, RunTrigger } from './model.ts';
import { datasetReference } from './steps/cache-key.ts';

export interface StartRequest {
  readonly project: string;
  readonly pipeline: string;
  /** In place of the defaults. */
  readonly parameters?: ParameterValues | undefined;
  /** Manual unless said. */
  readonly trigger?: RunTrigger | undefined;
  /** Run every step, whatever the cache holds. */
  readonly fresh?: boolean | undefined;
}

/** What a trigger adds to a request. */
export interface TriggeredStart extends StartRequest {
  readonly triggerName: string;
  /** The event that caused it, when it was one. */
  readonly cause: RipenEvent | undefined;
  readonly depth: number;
}

/** Datasets that no step of the pipeline publishes are fixed now; the others when they are read. */
export async function resolveInputs(
  deps: { readonly data: Data },
  project: string,
  definition: PipelineDefinition,
): Promise<Record<string, DatasetPin>> {
  const published = new Set(definition.steps.flatMap((step) => step.publishes.map(({ dataset }) => dataset)));
  const inputs: Record<string, DatasetPin> = {};
  for (const source of definition.steps.flatMap((step) => Object.values(step.inputs))) {
    if (source.kind === 'output' || (source.snapshot === undefined && published.has(source.dataset))) continue;
    const reference = datasetReference(source);
    if (inputs[reference] !== undefined) continue;
    const { dataset, number, digest, rows } = await deps.data.snapshots.resolve(project, reference);
    inputs[reference] = { dataset, snapshot: number, digest, rows };
  }
  return inputs;
}

interface NewRun {
  readonly request: StartRequest | TriggeredStart;
  readonly definition: PipelineDefinition;
  readonly parameters: ParameterValues;
  readonly code: CodeSnapshot;
  readonly inputs: Readonly<Record<string, DatasetPin>>;
}

export function newRun(
  deps: { readonly ids: Ids; readonly clock: Clock },
  context: ChangeContext,
  { request, definition, parameters, code, inputs }: NewRun,
): PipelineRun {
  const triggered = 'triggerName' in request ? request : undefined;
  const { steps: stepCode, codeDigest, environmentDigest, commit, dirty } = code;
  return {
    id: deps.ids.next() as PipelineRunId,
    project: request.project,
    pipeline: definition.name,
    state: 'queued',
    trigger: request.trigger ?? { kind: 'manual' },
    triggerName: triggered?.triggerName,
    depth: triggered?.depth ?? 0,
    definition,
    parameters,
    inputs,
    codeDigest,
    environmentDigest,
    commit,
    dirty,
    stepCode,
    actor: context.actor,
    run: undefined,
    registered: undefined,
    failure: undefined,
    cancelRequested: false,
    fresh: request.fresh ?? false,
    retryOf: undefined,
    createdAt: deps.clock.now(),
    startedAt: undefined,
    finishedAt: undefined,
  };
}
