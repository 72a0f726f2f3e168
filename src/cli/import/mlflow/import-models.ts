import type { ImportModelWire, VersionOutcomesWire } from '#registry/index.ts';
import { RipenError } from '#kernel/errors.ts';
import { findMarks, type ImportSession, type Mark, post, setMarks, stateOf } from './session.ts';
import type { SourceModel, SourceVersion } from './source.ts';

const versionsAtOnce = 50;

/** Brings registered models and prompts over, with their versions, stages and aliases. */
export async function importModels(session: ImportSession): Promise<void> {
  const { tally } = session;
  for await (const model of session.source.models()) {
    session.signal.throwIfAborted();
    tally.add('models', { source: 1 });
    tally.add('versions', { source: model.versions.length });
    const state = stateOf(model);
    const before = (await findMarks(session, 'model', [model.name])).get(model.name);
    if (before?.state === state) {
      tally.add('models', { here: 1 });
      tally.add('versions', { here: model.versions.length });
    } else await bring(session, model, state);
    session.task.update({ done: tally.report.counts.models.source, note: model.name });
  }
}

async function bring(session: ImportSession, model: SourceModel, state: string): Promise<void> {
  const { tally } = session;
  const { versions, ...rest } = model;
  let complete = true;
  try {
    // At least one call, also for a model without versions; the aliases go with the last.
    for (let start = 0; start === 0 || start < versions.length; start += versionsAtOnce) {
      const part = versions.slice(start, start + versionsAtOnce);
      const isLast = start + versionsAtOnce >= versions.length;
      const body: ImportModelWire = {
        ...rest,
        tags: { ...rest.tags },
        aliases: isLast ? { ...rest.aliases } : {},
        versions: part.map((version) => wireVersion(session, version)),
      };
      const { items } = await post<VersionOutcomesWire>(session, 'models', body);
      for (const { version, outcome, problem } of items) {
        if (outcome !== 'refused') tally.add('versions', { here: 1, brought: outcome === 'created' ? 1 : 0 });
        if (problem === undefined) continue;
        complete = false;
        const kept = outcome === 'refused' ? '' : 'it is kept without its files: ';
        tally.lack({ kind: 'versions', id: `${model.name}/${version}`, problem: kept + problem.message });
      }
    }
    tally.add('models', { here: 1, brought: 1 });
  } catch (error) {
    if (!(error instanceof RipenError) || error.kind === 'internal' || error.kind === 'unavailable') throw error;
    complete = false;
    tally.lack({ kind: 'models', id: model.name, problem: error.message });
  }
  const mark: Mark = { state, counts: {} };
  if (complete) await setMarks(session, 'model', new Map([[model.name, mark]]));
}

function wireVersion(session: ImportSession, version: SourceVersion): ImportModelWire['versions'][number] {
  const { source, loggedModel } = addressHere(session, version);
  return { ...version, tags: { ...version.tags }, source, loggedModel };
}

const modelFiles = /(?:^|\/)(\d+)\/models\/(m-[0-9a-f]{32})\/artifacts(?:\/(.*))?$/;
const runFiles = /(?:^|\/)(\d+)\/([0-9a-f]{32})\/artifacts(?:\/(.*))?$/;

/** The address of a version's files in Ripen, where they are files of a run or of a logged model. */
function addressHere(
  { experiments }: ImportSession,
  { source, loggedModel }: SourceVersion,
): { source: string; loggedModel: string | undefined } {
  if (/^(models|runs):/i.test(source) || !/^(\/|\.|[^:]+\/|file:|mlflow-artifacts:)/i.test(source)) return { source, loggedModel };
  const [, modelExperiment, model, modelPath] = modelFiles.exec(source) ?? [];
  if (model !== undefined) {
    const path = address(`${sequenceOf(experiments, modelExperiment)}/models/${model}/artifacts`, modelPath);
    return { source: path, loggedModel: loggedModel ?? model };
  }
  const [, runExperiment, run, runPath] = runFiles.exec(source) ?? [];
  if (run === undefined) return { source, loggedModel };
  return { source: address(`${sequenceOf(experiments, runExperiment)}/${run}/artifacts`, runPath), loggedModel };
}

function sequenceOf(experiments: ImportSession['experiments'], id: string | undefined): number | string {
  return experiments.get(id ?? '')?.sequence ?? id ?? '0';
}

function address(folder: string, path: string | undefined): string {
  return `mlflow-artifacts:/${folder}${path === undefined || path === '' ? '' : `/${path}`}`;
}
