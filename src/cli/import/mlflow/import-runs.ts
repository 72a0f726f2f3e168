import type { ImportRunsWire, OutcomesWire, RunCountsWire } from '#tracking/index.ts';
import { wireRun, wireSeries } from './run-message.ts';
import { compareRun } from './compare-run.ts';
import { sendParts } from './send-parts.ts';
import { listFiles, presentFiles, sendFiles } from './send-files.ts';
import { eachAtOnce, findMarks, type ImportSession, inGroups, type Mark, post, setMarks, stateOf } from './session.ts';
import { mostPoints, type SourceFile, type SourcePlace, type SourceRun } from './source.ts';

const runsAtOnce = 100;
const listingsAtOnce = 8;

interface Planned {
  readonly run: SourceRun;
  readonly place: SourcePlace;
  readonly files: readonly SourceFile[] | undefined;
  /** True where the source could not say which files there are. */
  readonly failed: boolean;
  readonly state: string;
  readonly before: Mark | undefined;
}

/** Brings the runs of one experiment over: what they are, their histories, their files. */
export async function importRuns(session: ImportSession, experiment: string): Promise<void> {
  for await (const runs of inGroups(session.source.runs(experiment), runsAtOnce)) {
    session.signal.throwIfAborted();
    const planned = await plan(session, runs);
    const news = planned.filter(({ state, before }) => before?.state !== state);
    const done = await bring(session, news);
    await verify(session, planned, done);
    session.task.update({ done: session.tally.report.counts.runs.source });
  }
}

async function plan(session: ImportSession, runs: readonly SourceRun[]): Promise<Planned[]> {
  const marks = await findMarks(
    session,
    'run',
    runs.map(({ id }) => id),
  );
  const planned: Planned[] = [];
  await eachAtOnce(runs, listingsAtOnce, async (run) => {
    const place: SourcePlace = { kind: 'run', id: run.id, experiment: run.experiment, uri: run.artifactUri };
    const { files, failed } = await listFiles(session, place, 'artifacts');
    planned.push({ run, place, files, failed, state: stateOf(run, files, failed), before: marks.get(run.id) });
  });
  return planned;
}

/** Sends everything of some runs; gives the marks of those that are complete. */
async function bring(session: ImportSession, planned: readonly Planned[]): Promise<ReadonlyMap<string, Mark>> {
  const marks = new Map<string, Mark>();
  if (planned.length === 0) return marks;
  const { tally } = session;
  const refused = new Map<string, string>();
  const created = new Set<string>();
  const points = await sendRuns(session, planned, (outcomes) => {
    for (const { id, outcome, problem } of outcomes) {
      if (outcome === 'created') created.add(id);
      if (outcome === 'refused') refused.set(id, problem?.message ?? 'Ripen refused it');
    }
  });
  const kept = planned.filter(({ run }) => !refused.has(run.id));
  for (const [id, problem] of refused) tally.lack({ kind: 'runs', id, problem });
  for (const { run, place, files, failed, state } of kept) {
    const present = created.has(run.id) || files === undefined || files.length === 0 ? new Map() : await presentFiles(session, place);
    const artifacts = await sendFiles(session, { place, files: files ?? [], present, kind: 'artifacts' });
    const { tags, parameters } = wireRun(session, run);
    const counts = {
      points: points.get(run.id) ?? 0,
      parameters: Object.keys(parameters).length,
      tags: Object.keys(tags).length,
      artifacts: files?.length ?? 0,
    };
    tally.add('runs', { brought: 1 });
    tally.add('points', { brought: counts.points });
    // A run that lacks a file is looked at again by the next call.
    if (artifacts === counts.artifacts && !failed) marks.set(run.id, { state, counts });
  }
  await deleteRuns(session, kept);
  return marks;
}

async function sendRuns(
  session: ImportSession,
  planned: readonly Planned[],
  hear: (outcomes: OutcomesWire['items']) => void,
): Promise<ReadonlyMap<string, number>> {
  const points = new Map<string, number>();
  const runs = new Map(planned.map(({ run }) => [run.id, wireRun(session, run)]));
  const metrics = new Map<string, ImportRunsWire['runs'][number]['metrics'][number][]>();
  // The facts of a run go with its first part, and with no other.
  const unsent = new Set(runs.keys());
  let waiting = 0;
  const flush = async (ids: Iterable<string>) => {
    const part: ImportRunsWire['runs'] = [...ids].flatMap((id) => {
      const run = runs.get(id);
      if (run === undefined) return [];
      const facts = unsent.delete(id) ? {} : { tags: {}, parameters: {}, inputs: [], inputModels: [], outputModels: [] };
      return [{ ...run, ...facts, metrics: metrics.get(id) ?? [] }];
    });
    hear(await sendParts(session, 'runs', part));
    metrics.clear();
    waiting = 0;
  };
  for await (const part of session.source.series(planned.map(({ run }) => run))) {
    const known = metrics.get(part.run);
    if (known === undefined) metrics.set(part.run, [wireSeries(part)]);
    else known.push(wireSeries(part));
    if (part.modelId === undefined) points.set(part.run, (points.get(part.run) ?? 0) + part.steps.length);
    waiting += part.steps.length + 20;
    session.task.update({ note: `${session.tally.report.counts.points.brought.toLocaleString('en')} points` });
    if (waiting >= 2 * mostPoints) await flush([...metrics.keys()]);
  }
  await flush(new Set([...unsent, ...metrics.keys()]));
  return points;
}

async function deleteRuns(session: ImportSession, planned: readonly Planned[]): Promise<void> {
  const runs = planned.flatMap(({ run }) => {
    if (!run.deleted) return [];
    const place = session.experiments.get(run.experiment);
    const deletedAt = run.deletedAt ?? run.finishedAt ?? place?.updatedAtSource ?? run.startedAt;
    return [{ id: run.id, deletedAt, withExperiment: place?.deletedAtSource === true && isWithExperiment(run, place.updatedAtSource) }];
  });
  if (runs.length > 0) await post(session, 'deletions', { experiments: [], runs });
}

const sameMomentMs = 60_000;

/** MLflow deletes the runs of an experiment right after it. Where the time is not told, that is what most likely happened. */
function isWithExperiment({ deletedAt }: SourceRun, experimentDeletedAt: number): boolean {
  return deletedAt === undefined || Math.abs(deletedAt - experimentDeletedAt) < sameMomentMs;
}

/** Compares what Ripen has of the runs with what the source has, and marks those that are complete. */
async function verify(session: ImportSession, planned: readonly Planned[], done: ReadonlyMap<string, Mark>): Promise<void> {
  const { tally } = session;
  const body = { runs: planned.map(({ run }) => run.id) };
  const here = new Map((await post<RunCountsWire>(session, 'counts', body)).items.map((item) => [item.id, item]));
  const marks = new Map<string, Mark>();
  for (const { run, before, state, files } of planned) {
    const mark = done.get(run.id) ?? (before?.state === state ? before : undefined);
    const found = here.get(run.id);
    tally.add('runs', { source: 1, here: found === undefined ? 0 : 1 });
    const expected = mark?.counts ?? { parameters: Object.keys(run.parameters).length, artifacts: files?.length ?? 0 };
    let complete = found !== undefined && mark !== undefined;
    for (const kind of ['points', 'parameters', 'tags', 'artifacts'] as const) {
      const [source, kept] = [expected[kind] ?? 0, found?.[kind] ?? 0];
      tally.add(kind, { source, here: Math.min(kept, source) });
      if (mark === undefined || kept >= source) continue;
      complete = false;
      tally.lack({ kind, id: run.id, problem: `the source has ${source} ${kind} and Ripen ${kept}` });
    }
    if (files === undefined)
      tally.note(
        `The files at ${run.artifactUri.replace(/^([a-z0-9+]+:\/\/[^/]*).*$/i, '$1')} stay where they are; clients read them there.`,
      );
    if (complete && done.has(run.id) && mark !== undefined) marks.set(run.id, mark);
  }
  const sample = planned.find(({ run }) => done.has(run.id));
  if (sample !== undefined) await compareRun(session, sample.run);
  await setMarks(session, 'run', marks);
}
