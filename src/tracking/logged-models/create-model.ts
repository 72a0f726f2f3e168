import type { ChangeContext } from '#kernel/events/index.ts';
import { openExperiment } from '../experiments/experiments.ts';
import { trackingErrors } from '../errors.ts';
import { checkName, checkValue, limits, parameterText } from '../names.ts';
import { runNameOf } from '../runs/run-name-of.ts';
import { source, type Workshop } from '../service.ts';
import type { ParameterValue } from '../model.ts';
import { setModelFacts } from './fact-store.ts';
import { getLoggedModel } from './find-model.ts';
import { checkLoggedModelName, type LoggedModel } from './model.ts';
import { insertLoggedModel, type NewLoggedModel } from './model-store.ts';

export interface CreateLoggedModel {
  readonly project: string;
  /** By number, or by name; one of that name is created when the project has none. */
  readonly experiment: { readonly sequence: number } | { readonly name: string };
  /** One that people can say is made when left out. */
  readonly name?: string | undefined;
  readonly modelType?: string | undefined;
  /** Id of the run that makes it. */
  readonly sourceRun?: string | undefined;
  readonly parameters?: Readonly<Record<string, ParameterValue>> | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/**
 * Announces a model, whose files come next; emits `logged-model.created`.
 * @throws `tracking.logged-model-name-invalid`, `tracking.experiment-deleted`, `tracking.experiment-not-found`, `tracking.value-*`
 */
export async function createLoggedModel(workshop: Workshop, context: ChangeContext, input: CreateLoggedModel): Promise<LoggedModel> {
  const parameters = checkFacts('parameter', texts(input.parameters ?? {}));
  const tags = checkFacts('tag', input.tags ?? {});
  if (input.name !== undefined) checkLoggedModelName(input.name);
  if (input.modelType !== undefined && input.modelType !== '') checkName('the type of a model', input.modelType);
  if (input.sourceRun !== undefined && input.sourceRun !== '') checkName('a run', input.sourceRun);
  const { name: project } = await workshop.projects.project(input.project);
  const id = `m-${workshop.ids.next()}`;
  await workshop.events.change({ ...context, project }, async (change) => {
    const experiment = await openExperiment(change, { project, ...input.experiment }, workshop);
    const model = newModel(workshop, context, { ...input, project, id, experimentNumber: experiment.number });
    const number = await insertLoggedModel(change, model);
    await setModelFacts(change, 'logged_model_parameters', { model: number, facts: parameters });
    await setModelFacts(change, 'logged_model_tags', { model: number, facts: tags });
    const data = { model: id, name: model.name, experiment: experiment.name, run: input.sourceRun, modelType: input.modelType };
    change.emit({ type: 'logged-model.created', source, subject: modelSubject(model), data });
  });
  return getLoggedModel(workshop, project, id);
}

function newModel(
  { clock }: Workshop,
  { actor }: ChangeContext,
  input: CreateLoggedModel & { id: string; experimentNumber: number },
): NewLoggedModel {
  const now = clock.now();
  return {
    id: input.id,
    project: input.project,
    experiment: input.experimentNumber,
    name: input.name ?? runNameOf(input.id),
    state: 'pending',
    model_type: input.modelType === undefined || input.modelType === '' ? null : input.modelType,
    source_run: input.sourceRun === undefined || input.sourceRun === '' ? null : input.sourceRun,
    created_by: JSON.stringify(actor),
    created_at: now,
    updated_at: now,
    deleted_at: null,
  };
}

export function texts(values: Readonly<Record<string, ParameterValue>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, parameterText(value)]));
}

/** @throws `tracking.name-invalid`, `tracking.value-*`, `tracking.batch-too-large` */
export function checkFacts(what: 'parameter' | 'tag', facts: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(facts);
  const limit = limits[what === 'tag' ? 'tags' : 'parameters'];
  if (entries.length > limit) throw trackingErrors['batch-too-large']({ what: `${what}s`, count: entries.length, limit });
  for (const [name, value] of entries) checkValue(what, checkName(`a ${what}`, name), value);
  return facts;
}

export function modelSubject(model: { readonly project: string; readonly id: string }): string {
  return `projects/${model.project}/logged-models/${model.id}`;
}
