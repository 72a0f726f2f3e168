import type { RipenError } from '#kernel/errors.ts';
import type { Change, ChangeContext } from '#kernel/events/index.ts';
import { findExperiment } from '../experiments/experiment-store.ts';
import { checkFacts, modelSubject } from '../logged-models/create-model.ts';
import { setModelFacts } from '../logged-models/fact-store.ts';
import { checkLoggedModelName } from '../logged-models/model.ts';
import { insertLoggedModel, updateLoggedModel } from '../logged-models/model-store.ts';
import { checkName } from '../names.ts';
import { source, type Workshop } from '../service.ts';
import { importErrors } from './errors.ts';
import { findLoggedModelsAnywhere } from './import-model-store.ts';
import { problemIn, refused } from './import-runs.ts';
import type { ImportedLoggedModel, ImportOutcome } from './model.ts';

export interface ImportLoggedModels {
  readonly project: string;
  readonly models: readonly ImportedLoggedModel[];
}

/**
 * Keeps logged models of another server with their ids and times; their metrics come with the runs that logged them. Emits
 * `logged-model.imported` for each new one. @throws `tracking.import-experiment-missing`
 */
export async function importLoggedModels(workshop: Workshop, context: ChangeContext, input: ImportLoggedModels): Promise<ImportOutcome[]> {
  const { name: project } = await workshop.projects.project(input.project);
  return workshop.events.change({ ...context, project }, async (change) => {
    const known = await findLoggedModelsAnywhere(
      change,
      input.models.map(({ id }) => id),
    );
    const outcomes: ImportOutcome[] = [];
    for (const model of input.models) {
      const existing = known.get(model.id);
      const problem = problemIn(() => checkModel(model)) ?? (existing === undefined ? undefined : problemOf(existing, project));
      if (problem !== undefined) {
        outcomes.push(refused(model.id, problem));
        continue;
      }
      const number = existing?.number ?? (await addModel(change, model, { project, context }));
      if (existing !== undefined) await updateLoggedModel(change, number, { state: model.state, updated_at: model.updatedAt });
      await setModelFacts(change, 'logged_model_parameters', { model: number, facts: model.parameters });
      await setModelFacts(change, 'logged_model_tags', { model: number, facts: model.tags });
      outcomes.push({ id: model.id, outcome: existing === undefined ? 'created' : 'updated' });
    }
    return outcomes;
  });
}

function checkModel(model: ImportedLoggedModel): void {
  if (!/^m-[0-9a-f]{32}$/.test(model.id))
    throw importErrors['import-invalid']({
      what: 'logged model',
      id: model.id.slice(0, 80),
      problem: 'its id must be "m-" and 32 hex digits',
    });
  checkLoggedModelName(model.name);
  if (model.modelType !== undefined) checkName('the type of a model', model.modelType);
  if (model.sourceRun !== undefined) checkName('a run', model.sourceRun);
  checkFacts('parameter', model.parameters);
  checkFacts('tag', model.tags);
}

function problemOf(existing: { id: string; project: string; deleted_at: number | null }, project: string): RipenError | undefined {
  if (existing.project !== project) return importErrors['import-id-taken']({ what: 'logged model', id: existing.id });
  return existing.deleted_at === null ? undefined : importErrors['import-deleted-here']({ what: 'logged model', id: existing.id });
}

async function addModel(
  change: Change,
  model: ImportedLoggedModel,
  { project, context }: { project: string; context: ChangeContext },
): Promise<number> {
  const experiment = await findExperiment(change, project, { sequence: model.experiment });
  if (experiment === undefined) throw importErrors['import-experiment-missing']({ experiment: model.experiment, project });
  const { id, name, modelType, sourceRun, state, createdAt, updatedAt } = model;
  const number = await insertLoggedModel(change, {
    id,
    project,
    experiment: experiment.number,
    name,
    state,
    model_type: modelType ?? null,
    source_run: sourceRun ?? null,
    created_by: JSON.stringify(context.actor),
    created_at: createdAt,
    updated_at: updatedAt,
    deleted_at: null,
  });
  const data = { model: id, name, experiment: experiment.name, run: sourceRun, modelType };
  change.emit({ type: 'logged-model.imported', source, subject: modelSubject({ project, id }), data });
  return number;
}
