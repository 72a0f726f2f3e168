import { present } from '#kernel/present.ts';
import type { Schedule } from '#kernel/jobs/index.ts';
import { dependencies } from './definition/graph.ts';
import type { StepExplanation } from './explain.ts';
import type { PipelineDefinition, PipelineRun, StepFailure, StepRun, StepState } from './model.ts';
import type { DefinedPipeline } from './pipeline-store.ts';
import { datasetReference, stepParameters } from './steps/cache-key.ts';
import { triggerName } from './triggers/schedules.ts';
import type {
  ExplanationWire,
  FailureWire,
  GraphStepWire,
  PipelineRunDetailWire,
  PipelineRunWire,
  PipelineWire,
  StepRunWire,
} from './wire.ts';

export function pipelineToWire(
  { project, definition, digest, code, definedAt }: DefinedPipeline,
  schedules: readonly Schedule[],
): PipelineWire {
  const { name, description, parameters, registers } = definition;
  const triggers = definition.triggers.map((trigger, index) => {
    const nextAt = schedules.find((schedule) => schedule.name === `pipelines/${project}/${triggerName(name, index)}`)?.nextAt;
    return present({ ...trigger, parameters: { ...trigger.parameters }, nextAt });
  });
  const files = Object.entries(registers?.files ?? {}).map(([file, { step, output }]) => [file, `${step}/${output}`] as const);
  return present({
    name,
    description,
    parameters: { ...parameters },
    steps: graphToWire(definition),
    triggers,
    registers: registers && { model: registers.model, files: Object.fromEntries(files) },
    digest,
    codeDigest: code.codeDigest,
    environmentDigest: code.environmentDigest,
    commit: code.commit,
    dirty: code.dirty,
    definedAt,
  }) as PipelineWire;
}

export function graphToWire({ steps }: PipelineDefinition): GraphStepWire[] {
  const before = dependencies(steps);
  return steps.map((step) => {
    const { name, description, command, outputs, parameters, tracked, cache, timeoutMs, retries } = step;
    const inputs = Object.entries(step.inputs).map(
      ([input, source]) => [input, source.kind === 'dataset' ? datasetReference(source) : `${source.step}/${source.output}`] as const,
    );
    const publishes = step.publishes.map((publication) => present({ ...publication }));
    const own = { name, description, command, tracked, cache, timeoutMs, retries };
    return present({
      ...own,
      before: [...(before.get(name) ?? [])],
      inputs: Object.fromEntries(inputs),
      outputs: { ...outputs },
      parameters: [...parameters],
      publishes,
    });
  });
}

export function runToWire(run: PipelineRun, states: readonly { step: string; state: StepState }[]): PipelineRunWire {
  const { id, project, pipeline, state, codeDigest, environmentDigest, commit, dirty, cancelRequested, fresh, retryOf } = run;
  const registered = run.registered && { model: run.registered.model, version: run.registered.version, reused: run.registered.reused };
  return present({
    id,
    project,
    pipeline,
    state,
    codeDigest,
    environmentDigest,
    commit,
    dirty,
    cancelRequested,
    fresh,
    retryOf,
    registered,
    trigger: present({ ...run.trigger }),
    parameters: { ...run.parameters },
    actor: { ...run.actor },
    run: run.run,
    failure: run.failure && failureToWire(run.failure),
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    stepStates: states.map(({ step, state: stepState }) => ({ step, state: stepState })),
  }) as PipelineRunWire;
}

export function runDetailToWire(run: PipelineRun, steps: readonly StepRun[], sources: ReadonlyMap<string, string>): PipelineRunDetailWire {
  return {
    ...runToWire(run, steps),
    inputs: Object.fromEntries(Object.entries(run.inputs).map(([reference, pin]) => [reference, { ...pin }])),
    graph: graphToWire(run.definition),
    steps: steps.map((step) => stepToWire(run, step, sources)),
  };
}

function stepToWire(run: PipelineRun, step: StepRun, sources: ReadonlyMap<string, string>): StepRunWire {
  const definition = run.definition.steps.find(({ name }) => name === step.step);
  return present({
    step: step.step,
    state: step.state,
    attempts: step.attempts,
    cacheKey: step.key,
    outputs: Object.fromEntries(Object.entries(step.outputs).map(([name, output]) => [name, { ...output }])),
    published: step.published.map(({ dataset, snapshot, digest, rows }) => ({ dataset, snapshot, digest, rows })),
    parameters: definition === undefined ? {} : { ...stepParameters(run, definition) },
    hasLog: step.log !== undefined || step.state === 'running',
    warnings: step.warnings.map(failureToWire),
    failure: step.failure && failureToWire(step.failure),
    cachedFrom: step.cachedFrom === undefined ? undefined : sources.get(step.cachedFrom),
    progress: step.progress && present({ ...step.progress }),
    cpuMs: step.cpuMs,
    peakMemoryBytes: step.peakMemoryBytes,
    startedAt: step.startedAt,
    finishedAt: step.finishedAt,
  }) as StepRunWire;
}

function failureToWire(failure: StepFailure): FailureWire {
  return present({ ...failure }) as FailureWire;
}

export function explanationToWire(explanation: StepExplanation): ExplanationWire {
  return present({ ...explanation, reasons: [...explanation.reasons] });
}
