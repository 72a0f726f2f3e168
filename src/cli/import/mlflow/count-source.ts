import type { ImportSession } from './session.ts';

/** Counts what the source has, and changes nothing anywhere. Histories are counted by their latest points, since reading them is the work. */
export async function countSource({ source, tally, task, signal }: ImportSession): Promise<string> {
  for await (const { id } of source.experiments()) {
    tally.add('experiments', { source: 1 });
    for await (const run of source.runs(id)) {
      signal.throwIfAborted();
      const files = await source.files({ kind: 'run', id: run.id, experiment: id, uri: run.artifactUri });
      tally.add('runs', { source: 1 });
      tally.add('parameters', { source: Object.keys(run.parameters).length });
      tally.add('tags', { source: Object.keys(run.tags).length });
      tally.add('points', { source: run.metrics.length });
      tally.add('artifacts', { source: files?.length ?? 0 });
      task.update({ note: `${tally.report.counts.runs.source.toLocaleString('en')} runs` });
    }
    for await (const model of source.loggedModels(id)) {
      const files = await source.files({ kind: 'logged-model', id: model.id, experiment: id, uri: model.artifactUri });
      tally.add('loggedModels', { source: 1 });
      tally.add('loggedModelFiles', { source: files?.length ?? 0 });
    }
    for await (const _ of source.traces(id)) tally.add('traces', { source: 1 });
  }
  for await (const { versions } of source.models()) {
    tally.add('models', { source: 1 });
    tally.add('versions', { source: versions.length });
  }
  return '';
}
