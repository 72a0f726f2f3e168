import assert from 'node:assert/strict';
import type { MetricPoint } from '../model.ts';
import { context, testTracking, type TrackingSetting } from '../testing.ts';
import type { ImportedExperiment, ImportedRun } from './model.ts';

const id = (seed: number) => seed.toString(16).padStart(32, '0');
const project = 'flights';
const source = 'sqlite:/old/mlflow.db';

function experiment(given: Partial<ImportedExperiment> = {}): ImportedExperiment {
  return { id: '7', name: 'delays', createdAt: 1000, updatedAt: 2000, tags: { team: 'ops' }, ...given };
}

function run(given: Partial<ImportedRun> = {}): ImportedRun {
  return {
    id: id(1),
    experiment: 7,
    name: 'first',
    state: 'finished',
    startedAt: 5000,
    finishedAt: 9000,
    user: 'ann',
    tags: { t: 'ü' },
    parameters: { p: '1' },
    inputs: [{ dataset: 'ds', digest: 'd1', context: 'training' }],
    inputModels: [],
    outputModels: [],
    metrics: [{ name: 'loss', steps: [1, 2, 2], times: [10, 20, 20], values: [0.5, Number.NaN, Infinity] }],
    ...given,
  };
}

async function place(tracking: TrackingSetting['tracking'], ...experiments: ImportedExperiment[]) {
  return tracking.importExperiments(context, { project, source, experiments });
}

const history = async (tracking: TrackingSetting['tracking'], metric: string): Promise<readonly MetricPoint[]> =>
  (await tracking.metricHistory(id(1), { metric, limit: 100 })).items;

testTracking('experiments keep their numbers, times and tags, and are the same ones the next time', async ({ tracking, events }) => {
  const [first] = await place(tracking, experiment());
  assert.deepEqual(
    { ...first, experimentId: '' },
    {
      id: '7',
      experimentId: '',
      sequence: 7,
      name: 'delays',
      imported: true,
      created: true,
      deleted: false,
    },
  );
  const kept = await tracking.experiment(project, { sequence: 7 });
  assert.deepEqual([kept.createdAt, kept.updatedAt, kept.tags], [1000, 2000, { team: 'ops' }]);
  const [again] = await place(tracking, experiment({ name: 'renamed', tags: { team: 'other' } }));
  assert.equal(again?.experimentId, first?.experimentId);
  assert.equal(again?.created, false);
  assert.deepEqual((await tracking.experiment(project, { sequence: 7 })).tags, { team: 'other' });
  assert.equal((await tracking.experiment(project, { sequence: 7 })).name, 'renamed');
  const said = await events.find({ project, types: ['experiment.imported'], order: 'oldest-first', limit: 10 });
  assert.deepEqual(
    said.map(({ data }) => [data['experiment'], data['number'], data['sourceId']]),
    [['delays', 7, '7']],
  );
});

testTracking('an experiment of the same name is joined, a number that is taken or too large gives way', async ({ tracking }) => {
  const own = await tracking.createExperiment(context, { project, name: 'mine' });
  const placed = await place(
    tracking,
    experiment({ id: '5', name: 'mine' }),
    experiment({ id: String(own.sequence), name: 'other' }),
    experiment({ id: '655107237762698324', name: 'old' }),
    experiment({ id: '0', name: 'Default' }),
  );
  assert.deepEqual(
    placed.map(({ sequence, imported }) => [sequence, imported]),
    [
      [own.sequence, false],
      [own.sequence + 1, true],
      [own.sequence + 2, true],
      [0, true],
    ],
  );
});

testTracking('a run is here with everything, and sending it again changes nothing', async ({ tracking, events }) => {
  await place(tracking, experiment());
  const sent = { project, runs: [run()] };
  assert.deepEqual(await tracking.importRuns(context, sent), [{ id: id(1), outcome: 'created' }]);
  assert.deepEqual(await tracking.importRuns(context, sent), [{ id: id(1), outcome: 'updated' }]);
  const kept = await tracking.run(project, id(1));
  assert.deepEqual(
    [kept.name, kept.state, kept.startedAt, kept.finishedAt, kept.user, kept.experiment],
    ['first', 'finished', 5000, 9000, 'ann', 'delays'],
  );
  assert.deepEqual([{ ...kept.parameters }, { ...kept.tags }, kept.inputs.length], [{ p: '1' }, { t: 'ü' }, 1]);
  assert.deepEqual(
    (await history(tracking, 'loss')).map(({ step, time, value }) => [step, time, value]),
    [
      [1, 10, 0.5],
      [2, 20, Number.NaN],
      [2, 20, Infinity],
    ],
  );
  assert.deepEqual(await tracking.countImportedRuns(project, [id(1), id(2)]), [
    { id: id(1), deleted: false, points: 3, parameters: 1, tags: 1, artifacts: 0 },
  ]);
  assert.equal((await events.find({ project, types: ['run.imported'], order: 'oldest-first', limit: 10 })).length, 1);
});

testTracking('what a run has got since is added, and its end is taken over', async ({ tracking }) => {
  await place(tracking, experiment());
  const { finishedAt: _, ...going } = run({ state: 'running' });
  await tracking.importRuns(context, { project, runs: [going] });
  assert.equal((await tracking.run(project, id(1))).state, 'running');
  const more = run({
    metrics: [{ name: 'loss', steps: [2, 3], times: [20, 30], values: [Infinity, 0.1] }],
    parameters: { p: '1', q: '2' },
  });
  await tracking.importRuns(context, { project, runs: [more] });
  const kept = await tracking.run(project, id(1));
  assert.deepEqual([kept.state, kept.finishedAt, { ...kept.parameters }], ['finished', 9000, { p: '1', q: '2' }]);
  assert.equal((await tracking.countImportedRuns(project, [id(1)]))[0]?.points, 4);
});

testTracking('a long history is counted once, also when parts of it came twice', async ({ tracking }) => {
  await place(tracking, experiment());
  const steps = Array.from({ length: 25_000 }, (_, index) => index);
  const part = (from: number, to: number) => {
    const some = steps.slice(from, to);
    return { name: 'loss', steps: some, times: some, values: some.map((step) => step / 2) };
  };
  for (const metrics of [[part(0, 15_000)], [part(10_000, 25_000)], [part(0, 100)]])
    await tracking.importRuns(context, { project, runs: [run({ metrics })] });
  assert.equal((await tracking.countImportedRuns(project, [id(1)]))[0]?.points, 25_000);
});

testTracking('ids of another project, broken ones and deleted runs are refused alone', async ({ tracking }) => {
  await place(tracking, experiment());
  await tracking.importExperiments(context, { project: 'other', source, experiments: [experiment()] });
  await tracking.importRuns({ ...context, project: 'other' }, { project: 'other', runs: [run({ id: id(2) })] });
  await tracking.importRuns(context, { project, runs: [run({ id: id(3) })] });
  await tracking.deleteRun(context, id(3));
  const outcomes = await tracking.importRuns(context, {
    project,
    runs: [run({ id: id(2) }), run({ id: '../x' }), run({ id: id(3) }), run({ id: id(4), tags: { bad: '\0' } }), run({ id: id(5) })],
  });
  assert.deepEqual(
    outcomes.map(({ outcome, problem }) => problem?.code ?? outcome),
    ['tracking.import-id-taken', 'tracking.import-invalid', 'tracking.import-deleted-here', 'tracking.value-invalid', 'created'],
  );
  await assert.rejects(tracking.run(project, id(2)), { code: 'tracking.run-not-found' });
  await assert.rejects(tracking.importRuns(context, { project, runs: [run({ id: id(6), experiment: 99 })] }), {
    code: 'tracking.import-experiment-missing',
  });
});

testTracking('what was deleted at the source is deleted as of then, and comes back with its experiment', async ({ tracking }) => {
  await place(tracking, experiment());
  await tracking.importRuns(context, { project, runs: [run(), run({ id: id(2) }), run({ id: id(3) })] });
  const runs = [
    { id: id(1), deletedAt: 11_000, withExperiment: true },
    { id: id(2), deletedAt: 10_000, withExperiment: false },
    { id: id(9), deletedAt: 1, withExperiment: false },
  ];
  const deletions = { project, experiments: [{ sequence: 7, deletedAt: 11_000 }], runs };
  await tracking.deleteImported(context, deletions);
  await tracking.deleteImported(context, deletions);
  assert.equal((await tracking.run(project, id(1))).deletedAt, 11_000);
  assert.equal((await tracking.experiment(project, { sequence: 7 })).deletedAt, 11_000);
  assert.equal((await tracking.run(project, id(3))).deletedAt, undefined);
  await tracking.restoreExperiment(context, { project, sequence: 7 });
  assert.equal((await tracking.run(project, id(1))).deletedAt, undefined);
  assert.equal((await tracking.run(project, id(2))).deletedAt, 10_000);
});

testTracking('logged models keep their ids and get their metrics with the runs', async ({ tracking }) => {
  await place(tracking, experiment());
  const model = {
    id: `m-${id(1)}`,
    experiment: 7,
    name: 'trees',
    state: 'ready' as const,
    sourceRun: id(1),
    createdAt: 100,
    updatedAt: 200,
    parameters: { depth: '3' },
    tags: { k: 'v' },
  };
  const send = () => tracking.importLoggedModels(context, { project, models: [model, { ...model, id: 'm-1' }] });
  assert.deepEqual(
    (await send()).map(({ outcome }) => outcome),
    ['created', 'refused'],
  );
  assert.deepEqual(
    (await send()).map(({ outcome }) => outcome),
    ['updated', 'refused'],
  );
  const subject = { modelId: model.id, datasetName: 'ds', datasetDigest: 'd1' };
  const metrics = [
    { name: 'auc', steps: [3], times: [30], values: [0.7], ...subject },
    { name: 'auc', steps: [3], times: [30], values: [0.7] },
  ];
  await tracking.importRuns(context, { project, runs: [run({ metrics, outputModels: [{ model: model.id, step: 0 }] })] });
  const kept = await tracking.loggedModel(project, model.id);
  assert.deepEqual([kept.state, kept.createdAt, { ...kept.parameters }, { ...kept.tags }], ['ready', 100, { depth: '3' }, { k: 'v' }]);
  assert.deepEqual(
    kept.metrics.map(({ name, value, datasetName }) => [name, value, datasetName]),
    [['auc', 0.7, 'ds']],
  );
  assert.equal((await tracking.countImportedRuns(project, [id(1)]))[0]?.points, 1);
});

testTracking('traces come with spans and assessments, and once', async ({ tracking }) => {
  await place(tracking, experiment());
  const span = { span_id: 'EKTwvJfkv8Y=', name: 'root', start_time_unix_nano: 5_000_000_000, end_time_unix_nano: 6_000_000_000 };
  const trace = {
    id: 'tr-1',
    experiment: 7,
    state: 'ok' as const,
    requestedAt: 5000,
    duration: 1000,
    tags: { 'mlflow.traceName': 'root', k: 'v' },
    metadata: { m: 'n' },
    assessments: [
      { id: 'a-1', name: 'good', content: { kind: 'feedback' as const, value: true }, source: { kind: 'human' as const, id: 'ann' } },
    ],
    spans: JSON.stringify({ spans: [{ ...span, status: { code: 'STATUS_CODE_OK', message: '' }, attributes: {}, events: [] }] }),
  };
  const send = () => tracking.importTraces(context, { project, traces: [trace, { ...trace, id: 'bad id' }] });
  assert.deepEqual(
    (await send()).map(({ outcome }) => outcome),
    ['created', 'refused'],
  );
  assert.deepEqual(
    (await send()).map(({ outcome }) => outcome),
    ['updated', 'refused'],
  );
  const [kept] = await tracking.tracesWithSpans(project, ['tr-1']);
  assert.deepEqual(
    kept?.spans.map(({ id: spanId, name }) => [spanId, name]),
    [['10a4f0bc97e4bfc6', 'root']],
  );
  assert.deepEqual(
    kept?.trace.assessments.map(({ id: assessment, name }) => [assessment, name]),
    [['a-1', 'good']],
  );
});

testTracking('marks belong to a source, a kind and a project', async ({ tracking }) => {
  const of = { project, source, kind: 'run' as const };
  await tracking.markImported(of, { a: '1', b: '2' });
  await tracking.markImported(of, { a: '3' });
  assert.deepEqual(Object.fromEntries(await tracking.importMarks(of, ['a', 'b', 'c'])), { a: '3', b: '2' });
  for (const other of [
    { ...of, project: 'other' },
    { ...of, source: 'x' },
    { ...of, kind: 'trace' as const },
  ])
    assert.equal((await tracking.importMarks(other, ['a'])).size, 0);
});

testTracking('over HTTP values that JSON lacks are spelled, and columns must be equally long', async ({ tracking, api }) => {
  await place(tracking, experiment());
  const { metrics: _, ...plain } = run();
  const send = (values: unknown[], status: number) =>
    api.call(
      'POST',
      '/api/v1/projects/flights/imports/runs',
      { runs: [{ ...plain, metrics: [{ name: 'loss', steps: [1, 2], times: [1, 2], values }] }] },
      { status },
    );
  await send(['NaN'], 400);
  await send(['NaN', '-Infinity'], 200);
  assert.deepEqual(
    (await history(tracking, 'loss')).map(({ value }) => value),
    [Number.NaN, -Infinity],
  );
});
