import type { ImportExperimentsWire, PlacedExperimentsWire } from '#tracking/index.ts';
import { type ImportSession, post } from './session.ts';
import type { SourceExperiment } from './source.ts';

const atOnce = 100;

/** Finds or makes every experiment in Ripen; those that are not deleted come first, so that names go to them. */
export async function importExperiments(session: ImportSession): Promise<void> {
  const experiments: SourceExperiment[] = [];
  for await (const experiment of session.source.experiments()) experiments.push(experiment);
  experiments.sort((a, b) => Number(a.deleted) - Number(b.deleted));
  for (let start = 0; start < experiments.length; start += atOnce) await place(session, experiments.slice(start, start + atOnce));
}

async function place(session: ImportSession, experiments: readonly SourceExperiment[]): Promise<void> {
  const { tally } = session;
  const body: ImportExperimentsWire = { source: session.source.address, experiments: experiments.map(experimentOf) };
  const { items } = await post<PlacedExperimentsWire>(session, 'experiments', body);
  const placed = new Map(items.map((item) => [item.id, item]));
  for (const { id, name, deleted, updatedAt } of experiments) {
    const found = placed.get(id);
    tally.add('experiments', { source: 1 });
    if (found === undefined) continue;
    const isClosed = found.deleted && !deleted;
    if (isClosed) {
      const problem = `the experiment "${found.name}" is deleted in Ripen; restore it (ripen experiments restore) and import again`;
      tally.lack({ kind: 'experiments', id, problem });
      continue;
    }
    tally.add('experiments', { here: 1, brought: found.created ? 1 : 0 });
    if (!found.imported && found.sequence !== 0)
      tally.note(`The experiment "${name}" was in Ripen already; what the source has of it was added to that one.`);
    if (String(found.sequence) !== id) tally.note(`The experiment "${name}" (id ${id}) has the id ${found.sequence} in Ripen.`);
    session.experiments.set(id, { ...found, deletedAtSource: deleted, updatedAtSource: updatedAt });
  }
}

/** Files come along; only addresses of stores that this machine's disk does not hold stay what they are. */
function experimentOf(experiment: SourceExperiment): ImportExperimentsWire['experiments'][number] {
  const { id, name, createdAt, updatedAt, tags, artifactLocation } = experiment;
  const elsewhere = /^[a-z][a-z0-9+.-]+:/i.test(artifactLocation) && !/^(file|mlflow-artifacts|https?):/i.test(artifactLocation);
  return { id, name, createdAt, updatedAt, tags, ...(elsewhere ? { artifactLocation } : {}) };
}

/** Deletes the experiments that are deleted at the source, now that all of theirs is here. */
export async function deleteExperiments(session: ImportSession): Promise<void> {
  const experiments = [...session.experiments.values()]
    .filter(({ deletedAtSource, deleted, imported }) => deletedAtSource && !deleted && imported)
    .map(({ sequence, updatedAtSource: deletedAt }) => ({ sequence, deletedAt }));
  for (let start = 0; start < experiments.length; start += 500)
    await post(session, 'deletions', { experiments: experiments.slice(start, start + 500), runs: [] });
}
