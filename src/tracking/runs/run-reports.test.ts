import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionsTo, type Run, type RunState, runStates, transition } from '../model.ts';
import { context, testTracking } from '../testing.ts';
import type { RunWire } from '../wire.ts';

test('from every state there is a way by the table to every state that a client can report', () => {
  for (const from of Object.keys(runStates) as RunState[]) {
    for (const wanted of ['scheduled', 'running', 'finished', 'failed', 'killed'] as const) {
      let state = from;
      for (const action of actionsTo(from, wanted)) state = transition('r', state, action);
      assert.equal(state, wanted);
    }
  }
  assert.deepEqual(actionsTo('finished', 'failed'), ['reopen', 'fail']);
});

testTracking('a client reports any state, and each step is told once', async ({ tracking, events, clock }) => {
  const run = await tracking.startRun(context, { project: 'flights', experiment: 'e', state: 'scheduled', name: 'first' });
  assert.equal(run.state, 'scheduled');
  const report = (of: Parameters<typeof tracking.reportRun>[2]) => tracking.reportRun(context, run.id, of);
  clock.advance(1000);
  await report({ state: 'finished', finishedAt: run.startedAt + 700, name: 'second' });
  const again = await report({ state: 'finished', finishedAt: run.startedAt + 700, name: 'second' });
  assert.deepEqual([again.state, again.finishedAt, again.name], ['finished', run.startedAt + 700, 'second']);
  assert.equal((await report({ state: 'failed' })).finishedAt, run.startedAt + 1000);
  assert.equal((await report({ finishedAt: run.startedAt + 900 })).finishedAt, run.startedAt + 900);
  const running = await report({ state: 'running' });
  assert.deepEqual([running.state, running.finishedAt], ['running', undefined]);
  await report({ state: 'scheduled' });
  assert.deepEqual(
    (await events.find({ types: ['run.'] })).map(({ type }) => type),
    ['run.started', 'run.renamed', 'run.finished', 'run.reopened', 'run.finished', 'run.reopened', 'run.scheduled'],
  );
  await tracking.deleteRun(context, run.id);
  await assert.rejects(report({ state: 'running' }), { code: 'tracking.run-deleted' });
});

testTracking('a run is started whole: tags, person, parent; and reported facts change it', async ({ tracking }) => {
  const input = { project: 'flights', experiment: 'e', tags: { a: '1', __proto__x: '2' }, user: 'ada', parentRun: 'p', commit: 'c' };
  const started = await tracking.startRun(context, input);
  assert.deepEqual({ ...(await tracking.run('flights', started.id)), tags: {}, parameters: {} }, { ...started, tags: {}, parameters: {} });
  assert.deepEqual([started.user, started.startedBy.name, started.tags], ['ada', context.actor.name, input.tags]);
  const changed = await tracking.reportRun(context, started.id, { user: 'bob', parentRun: null, commit: 'd' });
  assert.deepEqual([changed.user, changed.parentRun, changed.commit], ['bob', undefined, 'd']);
});

testTracking(
  'datasets and models are linked once, and their large details are kept once for all runs',
  async ({ tracking, start, database, api }) => {
    const runs = [await start(), await start()];
    const details = JSON.stringify({ schema: 'x'.repeat(100_000) });
    for (const { id } of runs) {
      const inputs = [{ dataset: 'd', digest: '1', context: 'train', tags: { split: 'a' }, details }];
      const body = { inputs, inputModels: [{ model: 'm-1' }], outputModels: [{ model: 'm-2', step: 3 }] };
      await api.call('POST', `/api/v1/projects/flights/runs/${id}/inputs`, body);
      await tracking.linkRun(id, {
        inputs: [{ dataset: 'd', digest: '1', tags: { split: 'b' } }],
        outputModels: [{ model: 'm-2', step: 3 }],
      });
      const run = await api.call<RunWire>('GET', `/api/v1/projects/flights/runs/${id}`);
      assert.deepEqual(run.inputs, inputs);
      assert.deepEqual([run.inputModels, run.outputModels], [[{ model: 'm-1' }], [{ model: 'm-2', step: 3 }]]);
    }
    const kept = await database.query<{ input_details: { number: number } }>().selectFrom('input_details').selectAll().execute();
    assert.equal(kept.length, 1);
  },
);

testTracking('a tag is revised with no other writer in between', async ({ tracking, start }) => {
  const { id } = await start();
  await Promise.all(['a', 'b', 'c', 'd'].map((letter) => tracking.reviseTag(id, 'list', (value = '') => value + letter)));
  assert.match((await tracking.run('flights', id)).tags['list'] ?? '', /^(?=.*a)(?=.*b)(?=.*c)(?=.*d).{4}$/);
});

testTracking(
  'runs that start at once share a commit; each has its event, and one that is refused does not touch the others',
  async ({ tracking, events }) => {
    const gone = await tracking.createExperiment(context, { project: 'flights', name: 'gone' });
    await tracking.deleteExperiment(context, { project: 'flights', id: gone.id });
    const start = (name: string, more: object = {}) =>
      tracking.startRun(context, { project: 'flights', experiment: 'e', name, tags: { name }, ...more });
    const inputs = [{ dataset: 'd', digest: '1' }];
    const [first, second, third, refused, twice, again, missing] = await Promise.allSettled([
      start('a'),
      start('b'),
      start('c', { inputs }),
      start('d', { experiment: 'gone' }),
      start('f', { requestKey: 'k' }),
      start('g', { requestKey: 'k' }),
      start('h', { experiment: { sequence: 99 } }),
    ]);
    const valueOf = (outcome: PromiseSettledResult<Run> | undefined) => (outcome?.status === 'fulfilled' ? outcome.value : undefined);
    assert.deepEqual([valueOf(first)?.name, valueOf(second)?.name, valueOf(third)?.inputs], ['a', 'b', inputs]);
    assert.equal(valueOf(twice)?.id, valueOf(again)?.id);
    assert.equal(valueOf(again)?.tags['name'], valueOf(twice)?.tags['name']);
    for (const [outcome, code] of [
      [refused, 'tracking.experiment-deleted'],
      [missing, 'tracking.experiment-number-not-found'],
    ] as const) {
      assert.equal(outcome.status, 'rejected');
      assert.equal((outcome.reason as { code: string }).code, code);
    }
    const told = await events.find({ types: ['run.started'] });
    assert.equal(told.length, 4);
    assert.deepEqual(
      told.map(({ data }) => JSON.stringify(data['run'])).toSorted(),
      [first, second, third, twice].map((outcome) => JSON.stringify(valueOf(outcome)?.id)).toSorted(),
    );
    for (const outcome of [first, second, third, twice]) {
      const run = await tracking.run('flights', valueOf(outcome)?.id ?? '');
      assert.equal(run.tags['name'], run.name);
    }
  },
);
