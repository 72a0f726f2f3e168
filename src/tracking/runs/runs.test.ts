import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStates, transition } from '../model.ts';
import { context, testTracking } from '../testing.ts';
import type { ExperimentWire, RunWire } from '../wire.ts';

const runs = '/api/v1/projects/flights/runs';

test('a run goes from created to running and ends once; only an ended run can be reopened', () => {
  assert.equal(transition('r', 'created', 'start'), 'running');
  assert.equal(transition('r', 'running', 'kill'), 'killed');
  assert.equal(transition('r', 'failed', 'reopen'), 'running');
  for (const state of ['finished', 'failed', 'killed'] as const) {
    for (const action of ['start', 'finish', 'fail', 'kill'] as const) {
      assert.throws(() => transition('r', state, action), { code: 'tracking.run-state' });
    }
  }
  assert.deepEqual(Object.keys(runStates), ['created', 'scheduled', 'running', 'finished', 'failed', 'killed']);
});

testTracking('starting and finishing a run says so in the event log, exactly as agreed', async ({ tracking, events, clock }) => {
  const run = await tracking.startRun(context, {
    project: 'flights',
    experiment: 'baseline',
    pipelineRun: 'p1',
    commit: 'abc',
    dirty: false,
    codeDigest: 'sha256:c',
    environmentDigest: 'sha256:e',
    inputs: [{ dataset: 'flights', snapshot: 4, digest: 'sha256:d' }],
  });
  await tracking.log(run.id, { metrics: [{ name: 'auc', value: 0.7 }], parameters: { epochs: 4, shuffle: true } });
  clock.advance(5000);
  await tracking.finishRun(context, run.id, { outcome: 'finished', cpuMs: 12.5, peakMemoryBytes: 1000 });
  const [started, finished, ...rest] = await events.find({ types: ['run.'] });
  assert.deepEqual(rest, []);
  assert.equal(started?.subject, `projects/flights/runs/${run.id}`);
  assert.equal(started.source, 'tracking');
  assert.deepEqual(started.data, {
    run: run.id,
    experiment: 'baseline',
    pipelineRun: 'p1',
    commit: 'abc',
    dirty: false,
    codeDigest: 'sha256:c',
    environmentDigest: 'sha256:e',
    computeTarget: 'local',
    inputs: [{ dataset: 'flights', snapshot: 4, digest: 'sha256:d' }],
  });
  assert.deepEqual(finished?.data, {
    run: run.id,
    outcome: 'finished',
    metrics: 1,
    parameters: 2,
    durationMs: 5000,
    cpuMs: 12.5,
    peakMemoryBytes: 1000,
  });
});

testTracking('a lost answer may be asked for again: start with a key and finish are not done twice', async ({ tracking, events }) => {
  const input = { project: 'flights', experiment: 'baseline', requestKey: 'once' };
  const both = await Promise.all([tracking.startRun(context, input), tracking.startRun(context, input)]);
  assert.equal(both[0].id, both[1].id);
  await tracking.finishRun(context, both[0].id, { outcome: 'failed' });
  await tracking.finishRun(context, both[0].id, { outcome: 'failed' });
  await assert.rejects(tracking.finishRun(context, both[0].id, { outcome: 'finished' }), { code: 'tracking.run-state' });
  assert.equal((await events.find({ types: ['run.'] })).length, 2);
  await tracking.reopenRun(context, both[0].id);
  assert.equal((await tracking.finishRun(context, both[0].id, { outcome: 'finished' })).state, 'finished');
});

testTracking('a clock that was set back does not make a run end before it began', async ({ tracking, clock, start, events }) => {
  const run = await start();
  clock.advance(-60_000);
  const ended = await tracking.finishRun(context, run.id, { outcome: 'finished' });
  assert.equal(ended.finishedAt, ended.startedAt);
  assert.equal((await events.find({ types: ['run.finished'] }))[0]?.data['durationMs'], 0);
});

testTracking('a deleted run takes nothing, is not listed, and comes back whole', async ({ tracking, start, api }) => {
  const run = await start('doomed');
  await tracking.log(run.id, { parameters: { epochs: 4 } });
  await api.call('DELETE', `${runs}/${run.id}`);
  await assert.rejects(tracking.log(run.id, { parameters: { a: 1 } }), { code: 'tracking.run-deleted' });
  await assert.rejects(tracking.finishRun(context, run.id, { outcome: 'finished' }), { code: 'tracking.run-deleted' });
  assert.equal((await api.call<{ items: RunWire[] }>('GET', runs)).items.length, 0);
  assert.equal((await api.call<{ items: RunWire[] }>('GET', `${runs}?lifecycle=deleted`)).items.length, 1);
  const restored = await api.call<RunWire>('POST', `${runs}/${run.id}/restore`, {});
  assert.equal(restored.deletedAt, undefined);
  assert.equal(restored.parameters['epochs'], '4');
});

testTracking('deleting an experiment takes its runs along, restoring brings just those back', async ({ tracking, start, api, clock }) => {
  const early = await start('early');
  await tracking.deleteRun(context, early.id);
  clock.advance(1000);
  const kept = await start('kept');
  const address = `/api/v1/projects/flights/experiments/${kept.experimentId}`;
  await api.call('PATCH', address, { tags: { team: 'delay', gone: 'x' } });
  assert.deepEqual((await api.call<ExperimentWire>('PATCH', address, { name: 'renamed', tags: { gone: null } })).tags, { team: 'delay' });
  const list = await api.call<{ items: ExperimentWire[] }>('GET', '/api/v1/projects/flights/experiments');
  assert.deepEqual(
    list.items.map(({ name, runs: count }) => ({ name, count })),
    [{ name: 'renamed', count: 1 }],
  );
  await api.call('DELETE', address);
  await assert.rejects(start('late', 'renamed'), { code: 'tracking.experiment-deleted' });
  await assert.rejects(tracking.createExperiment(context, { project: 'flights', name: 'renamed' }), { code: 'tracking.experiment-exists' });
  await api.call('POST', `${address}/restore`, {});
  assert.equal((await tracking.run('flights', kept.id)).deletedAt, undefined);
  assert.notEqual((await tracking.run('flights', early.id)).deletedAt, undefined);
});

testTracking('a run is found in its own project only', async ({ api, start }) => {
  const run = await start();
  await api.call('GET', `/api/v1/projects/other/runs/${run.id}`, undefined, { status: 404 });
  await api.call('POST', `/api/v1/projects/other/runs/${run.id}/log`, { parameters: { a: 1 } }, { status: 404 });
  await api.call('POST', `/api/v1/projects/other/runs/${run.id}/finish`, { outcome: 'killed' }, { status: 404 });
  await api.call('GET', '/api/v1/projects/nowhere/runs', undefined, { status: 404 });
  const started = await api.call<RunWire>('POST', runs, { experiment: 'über/expériment 実験' }, { status: 201 });
  assert.equal(started.experiment, 'über/expériment 実験');
  assert.match(started.name, /^[a-z]+-[a-z]+-\d{3}$/);
});

testTracking('inputs are added once per dataset and digest and keep what is known of foreign data', async ({ tracking, start }) => {
  const run = await start();
  const input = { dataset: 'iris', digest: '1a2b', context: 'training', details: '{"source":"https://example.org"}' };
  await tracking.addInputs(run.id, [input]);
  await tracking.addInputs(run.id, [
    { ...input, context: 'other' },
    { dataset: 'flights', snapshot: 2, digest: 'sha256:d' },
  ]);
  assert.deepEqual((await tracking.run('flights', run.id)).inputs, [{ dataset: 'flights', snapshot: 2, digest: 'sha256:d' }, input]);
});

testTracking('renaming, reopening and taking artifacts away are told in the event log', async ({ api, start, tracking, events }) => {
  const run = await start('first');
  await tracking.putArtifact(run.id, 'plots/a.png', { content: 'a' });
  await api.call('PATCH', `${runs}/${run.id}`, { name: 'second' });
  await api.call('PATCH', `${runs}/${run.id}`, { name: 'second' });
  await api.call('PATCH', `${runs}/${run.id}`, { name: '\n' }, { status: 400 });
  await api.call('POST', `${runs}/${run.id}/finish`, { outcome: 'killed' });
  const reopened = await api.call<RunWire>('POST', `${runs}/${run.id}/reopen`, {});
  assert.deepEqual([reopened.name, reopened.state, reopened.finishedAt], ['second', 'running', undefined]);
  await api.call('DELETE', `${runs}/${run.id}/artifacts/plots`);
  const said = await events.find({ types: ['run.'], subject: `projects/flights/runs/${run.id}` });
  assert.deepEqual(
    said.map(({ type }) => type),
    ['run.started', 'run.renamed', 'run.finished', 'run.reopened', 'run.artifact.deleted'],
  );
});
