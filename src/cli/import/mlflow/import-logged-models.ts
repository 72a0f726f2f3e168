import type { ImportLoggedModelsWire, OutcomesWire } from '#tracking/index.ts';
import { listFiles, presentFiles, sendFiles } from './send-files.ts';
import { findMarks, type ImportSession, inGroups, type Mark, post, setMarks, stateOf } from './session.ts';
import type { SourceLoggedModel, SourcePlace } from './source.ts';

const modelsAtOnce = 50;

/** Brings the logged models of one experiment over, with their files; their metrics come with the runs. */
export async function importLoggedModels(session: ImportSession, experiment: string): Promise<void> {
  const { tally, source } = session;
  for await (const models of inGroups(source.loggedModels(experiment), modelsAtOnce)) {
    session.signal.throwIfAborted();
    const ids = models.map(({ id }) => id);
    const known = await findMarks(session, 'logged-model', ids);
    const marks = new Map<string, Mark>();
    for (const model of models) {
      const place: SourcePlace = { kind: 'logged-model', id: model.id, experiment, uri: model.artifactUri };
      const { files, failed } = await listFiles(session, place, 'loggedModelFiles');
      const state = stateOf(model, files, failed);
      tally.add('loggedModels', { source: 1 });
      tally.add('loggedModelFiles', { source: files?.length ?? 0 });
      if (known.get(model.id)?.state === state) {
        tally.add('loggedModels', { here: 1 });
        tally.add('loggedModelFiles', { here: files?.length ?? 0 });
        continue;
      }
      const outcome = await send(session, model);
      if (outcome === undefined) continue;
      tally.add('loggedModels', { here: 1, brought: 1 });
      const present = outcome === 'created' || files === undefined ? new Map() : await presentFiles(session, place);
      const there = await sendFiles(session, { place, files: files ?? [], present, kind: 'loggedModelFiles' });
      tally.add('loggedModelFiles', { here: there });
      if (there === (files?.length ?? 0) && !failed) marks.set(model.id, { state, counts: { files: there } });
    }
    await setMarks(session, 'logged-model', marks);
    session.task.update({ done: tally.report.counts.loggedModels.source });
  }
}

async function send(session: ImportSession, model: SourceLoggedModel): Promise<'created' | 'updated' | undefined> {
  const { artifactUri: _, experiment, ...rest } = model;
  const body: ImportLoggedModelsWire = { models: [{ ...rest, experiment: session.experiments.get(experiment)?.sequence ?? 0 }] };
  const [item] = (await post<OutcomesWire>(session, 'logged-models', body)).items;
  if (item !== undefined && item.outcome !== 'refused') return item.outcome;
  session.tally.lack({ kind: 'loggedModels', id: model.id, problem: item?.problem?.message ?? 'Ripen refused it' });
  return undefined;
}
