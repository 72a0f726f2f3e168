import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import type { PipelineRunDetailWire, PipelineWire } from './wire.ts';
import { context, finished, migrationSets, until, withOrchard } from './testing/orchard.ts';

const train = `
project: orchard
pipelines:
  train:
    parameters: { epochs: 4, note: none }
    steps:
      prepare:
        command: cat "$RIPEN_INPUT_PEARS"/*.parquet > "$RIPEN_OUTPUT_TRAINING"; mkdir "$RIPEN_OUTPUT_PARTS"; echo a > "$RIPEN_OUTPUT_PARTS/a"; echo prepared
        code: []
        inputs: { pears: dataset:pears }
        outputs: { training: training.txt, parts: parts }
      fit:
        command: node steps/fit.mjs
        code: [steps/fit.mjs]
        parameters: [epochs]
        inputs: { training: prepare/training, parts: prepare/parts }
        outputs: { model: deep/model.bin }
        tracked: true
    registers:
      model: ripeness
      files: { model.bin: fit/model }
`;

const fit = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { one } from './lib.mjs';
const { epochs } = JSON.parse(readFileSync(process.env.RIPEN_PARAMETERS, 'utf8'));
const log = (line) => appendFileSync(process.env.RIPEN_RUN_LOG, JSON.stringify(line) + '\\n');
log({ type: 'parameter', name: 'epochs', value: epochs });
for (let step = 1; step <= epochs; step++) log({ type: 'metric', name: 'loss', value: one / step, step });
writeFileSync('curve.json', '[1]');
log({ type: 'artifact', name: 'curve.json', path: 'curve.json' });
log({ type: 'progress', done: epochs, total: epochs, label: 'done' });
appendFileSync(process.env.RIPEN_RUN_LOG, 'not json\\n');
if (existsSync('secret.txt')) throw new Error('undeclared files must not be here');
writeFileSync(process.env.RIPEN_OUTPUT_MODEL, readFileSync(process.env.RIPEN_INPUT_TRAINING, 'utf8') + epochs + readFileSync(process.env.RIPEN_INPUT_PARTS + '/a', 'utf8'));
console.log('keys', Object.keys(process.env).sort().join(' '), process.env.TZ);
`;

const files = { 'ripen.yaml': train, 'steps/fit.mjs': fit, 'steps/lib.mjs': 'export const one = 1;', 'secret.txt': 'no' };

testOnEachDatabase('a run, the same again from the cache, and a changed parameter, file and dataset explained', migrationSets, (database) =>
  withOrchard(database, async (orchard, server) => {
    const { pipelines, api } = server;
    orchard.write(files);
    orchard.data.add('pears', 'abate');
    const [defined] = (await api.call<{ items: PipelineWire[] }>('POST', '/api/v1/projects/orchard/pipelines')).items;
    assert.deepEqual(defined?.steps[1]?.before, ['prepare']);
    const start = (parameters = {}) => api.call<{ id: string }>('POST', '/api/v1/projects/orchard/pipelines/train/runs', { parameters });
    const end = async ({ id }: { id: string }) => finished(server, await pipelines.pipelineRun('orchard', id));

    const first = await end(await start());
    assert.equal(first.run.state, 'succeeded', JSON.stringify(first.steps));
    assert.deepEqual([first.steps['prepare']?.state, first.steps['fit']?.state], ['succeeded', 'succeeded']);
    const model = first.steps['fit']?.outputs['model'];
    assert.ok(model);
    assert.equal((await orchard.objects.read(model.digest)).toString(), 'abate4a\n');
    const log = await (await api.request(`/api/v1/projects/orchard/pipeline-runs/${first.run.id}/steps/fit/log`)).text();
    const own = new Set([
      'HOME',
      'LANG',
      'PATH',
      'PWD',
      'RIPEN_INPUT_PARTS',
      'RIPEN_INPUT_TRAINING',
      'RIPEN_INSTANCE',
      'RIPEN_OUTPUT_MODEL',
      'RIPEN_PARAMETERS',
      'RIPEN_PROCESS',
      'RIPEN_RUN_LOG',
      'TMPDIR',
      'TZ',
    ]);
    for (const name of log.match(/keys (.*) UTC/)?.[1]?.split(' ') ?? ['no keys'])
      assert.ok(own.has(name) || ['_', 'OLDPWD', 'SHLVL'].includes(name), name);
    assert.deepEqual(
      first.steps['fit']?.warnings.map(({ code }) => code),
      ['pipelines.run-log-malformed'],
    );
    const run = await orchard.tracking.run('orchard', first.run.run ?? '');
    assert.equal(run.state, 'finished');
    assert.deepEqual({ ...run.parameters }, { epochs: '4' });
    assert.deepEqual(
      run.metrics.map(({ name, value, step }) => ({ name, value, step })),
      [{ name: 'loss', value: 0.25, step: 4 }],
    );
    assert.equal((await orchard.tracking.artifact(run.id, 'curve.json')).name, 'curve.json');
    assert.equal(orchard.registry.versions[0]?.files['model.bin'], model.digest);
    assert.ok(!existsSync(join(orchard.home, 'work', first.run.id)));

    const second = await end(await start());
    assert.deepEqual([second.steps['prepare']?.state, second.steps['fit']?.state], ['cached', 'cached']);
    assert.equal(second.steps['fit']?.cachedFrom, first.steps['fit'].id);
    assert.deepEqual(second.run.registered, { ...first.run.registered, reused: true });
    const replayed = await orchard.tracking.run('orchard', second.run.run ?? '');
    assert.notEqual(replayed.id, run.id);
    assert.deepEqual(
      replayed.metrics.map(({ value }) => value),
      [0.25],
    );

    const third = await end(await start({ epochs: 6 }));
    assert.deepEqual([third.steps['prepare']?.state, third.steps['fit']?.state], ['cached', 'succeeded']);
    const reasons = async (run: { id: string }) =>
      (
        await api.call<{ items: { step: string; reasons: string[]; comparedWith: string }[] }>(
          'GET',
          `/api/v1/projects/orchard/pipeline-runs/${run.id}/explanation`,
        )
      ).items;
    assert.deepEqual((await reasons(third.run))[1]?.reasons, ['parameter epochs 4 → 6']);
    assert.equal((await reasons(second.run))[1]?.comparedWith, first.run.id);
    assert.deepEqual((await reasons(first.run))[1]?.reasons, ['it has not run before in this pipeline']);

    orchard.write({ 'steps/lib.mjs': 'export const one = 2;' });
    const fourth = await end(await start());
    assert.deepEqual((await reasons(fourth.run))[1]?.reasons, ['code steps/lib.mjs changed']);

    orchard.data.add('pears', 'conference');
    const fifth = await end(await start());
    assert.deepEqual((await reasons(fifth.run))[0]?.reasons, ['input pears: dataset pears@1 → 2']);
    assert.deepEqual((await reasons(fifth.run))[1]?.reasons, ['input training: new content because input pears: dataset pears@1 → 2']);

    const fresh = await end(await api.call<{ id: string }>('POST', '/api/v1/projects/orchard/pipelines/train/runs', { fresh: true }));
    assert.equal(fresh.steps['prepare']?.state, 'succeeded');
    const list = await api.call<{ items: { id: string; stepStates: unknown[] }[]; next: string }>(
      'GET',
      '/api/v1/projects/orchard/pipeline-runs?limit=4',
    );
    assert.deepEqual([list.items.length, list.items[0]?.id, list.items[0]?.stepStates.length], [4, fresh.run.id, 2]);
    const rest = await api.call<{ items: { id: string }[]; next?: string }>(
      'GET',
      `/api/v1/projects/orchard/pipeline-runs?limit=4&after=${list.next}`,
    );
    assert.deepEqual([rest.items.length, rest.items.at(-1)?.id, rest.next], [2, first.run.id, undefined]);
    const detail = await api.call<PipelineRunDetailWire>('GET', `/api/v1/projects/orchard/pipeline-runs/${second.run.id}`);
    assert.equal(detail.steps[1]?.cachedFrom, first.run.id);
    assert.equal(detail.inputs['dataset:pears']?.snapshot, 1);
    const types = (await orchard.events.find({ subject: `projects/orchard/pipeline-runs/${first.run.id}` })).map(({ type }) => type);
    assert.deepEqual(types, ['pipeline.run.started', 'step.run.finished', 'step.run.finished', 'pipeline.run.finished']);

    // The version was deleted, or its model renamed: the run has nothing that stands for it.
    orchard.registry.versions.splice(0);
    assert.deepEqual((await end(await start())).run.registered?.reused, false);
  }),
);

const broken = `
pipelines:
  broken:
    steps:
      ok: { command: 'echo fine; echo x > "$RIPEN_OUTPUT_X"', outputs: { x: x.txt } }
      bad: { command: 'echo one; echo "Error: no pears today" >&2; exit 3', retries: 1, backoff: 10ms, after: [ok] }
      after: { command: 'true', after: [bad] }
      missing: { command: 'true', outputs: { y: y.txt } }
      hang: { command: 'sleep 60 & sleep 60', timeout: 300ms }
      signal: { command: 'kill -SEGV $$' }
      unknown: { command: no-such-program-at-all }
`;

testOnEachDatabase('each way to fail has its state, its code and its words; a retry goes on from there', migrationSets, (database) =>
  withOrchard(database, async (orchard, server) => {
    orchard.write({ 'ripen.yaml': broken });
    const { run, steps } = await finished(server, await server.pipelines.startRun(context, { project: 'orchard', pipeline: 'broken' }));
    assert.equal(run.state, 'failed');
    assert.deepEqual(Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, [step.state, step.failure?.code]])), {
      ok: ['succeeded', undefined],
      bad: ['failed', 'pipelines.step-exit'],
      after: ['skipped', undefined],
      missing: ['failed', 'pipelines.output-missing'],
      hang: ['timed-out', 'pipelines.step-timed-out'],
      signal: ['failed', 'pipelines.step-signal'],
      unknown: ['failed', 'pipelines.step-exit'],
    });
    assert.match(steps['bad']?.failure?.message ?? '', /exit code 3: Error: no pears today/);
    assert.equal(steps['bad']?.attempts, 2);
    const log = Buffer.from(await server.pipelines.logs.read(run.id, 'bad', { start: 0 })).toString();
    assert.match(log, /attempt 1\none\nError: no pears today\n\n\[ripen\] attempt 2\none\n/);
    orchard.write({ 'ripen.yaml': broken.replace('exit 3', 'exit 0') });
    const again = await finished(server, await server.pipelines.retry(context, run));
    assert.deepEqual([again.steps['ok']?.state, again.steps['bad']?.state, again.run.retryOf], ['cached', 'failed', run.id]);
    await assert.rejects(server.pipelines.cancel(context, run), { code: 'pipelines.already-finished' });
  }),
);

testOnEachDatabase('cancelling ends everything a step started, and steps that wait', migrationSets, (database) =>
  withOrchard(database, async (orchard, server) => {
    orchard.write({
      'ripen.yaml': `pipelines: { p: { steps: { long: { command: 'echo begun; (sleep 77 & sleep 77)' }, next: { command: 'true', after: [long] } } } }`,
    });
    const run = await server.pipelines.startRun(context, { project: 'orchard', pipeline: 'p' });
    const stream = await server.api.request(`/api/v1/projects/orchard/pipeline-runs/${run.id}/steps/long/log-stream`);
    const text = stream.text();
    await until(async () => (await server.pipelines.logs.read(run.id, 'long', { start: 0 })).length > 0);
    await server.api.call('POST', `/api/v1/projects/orchard/pipeline-runs/${run.id}/cancel`);
    const end = await finished(server, run);
    assert.deepEqual([end.run.state, end.steps['long']?.state, end.steps['next']?.state], ['cancelled', 'cancelled', 'cancelled']);
    const events = await text;
    assert.match(events, /event: log\ndata: \{"text":"begun\\n"\}/);
    assert.match(events, /event: end\ndata: \{"state":"cancelled"\}/);
  }),
);

testOnEachDatabase('a server that stops in the middle leaves a run that the next one finishes', migrationSets, async (database) => {
  await withOrchard(database, async (orchard, server) => {
    const marks = join(orchard.folder, 'marks');
    orchard.write({
      'ripen.yaml': `
pipelines:
  p:
    steps:
      first: { command: 'echo first >> ${marks}; echo 1 > "$RIPEN_OUTPUT_O"', outputs: { o: o.txt } }
      second: { command: 'echo second >> ${marks}; test -e ${marks}.go || sleep 60; cat "$RIPEN_INPUT_I" >> ${marks}', inputs: { i: first/o } }
`,
    });
    const run = await server.pipelines.startRun(context, { project: 'orchard', pipeline: 'p' });
    await until(async () => (await server.pipelines.steps(run)).some((step) => step.step === 'second' && step.state === 'running'));
    await until(() => existsSync(marks) && readText(marks).includes('second'));
    await server.stop();
    assert.equal((await server.pipelines.pipelineRun('orchard', run.id)).state, 'running');
    orchard.write({ '../marks.go': '' });
    const next = orchard.boot();
    await next.start();
    const { run: done, steps } = await finished(next, run);
    await next.stop();
    assert.deepEqual([done.state, steps['first']?.attempts, steps['second']?.attempts], ['succeeded', 1, 1]);
    assert.equal(readText(marks), 'first\nsecond\nsecond\n1\n');
  });
});

const load = `
pipelines:
  load:
    parameters: { month: jan }
    steps:
      extract:
        command: test "$(cat gate.txt)" = open && cp month.txt "$RIPEN_OUTPUT_MONTH"
        code: [gate.txt, month.txt]
        outputs: { month: month.txt }
        publishes: [{ output: month, dataset: pears, contract: contract.txt }]
      count:
        command: ls "$RIPEN_INPUT_PEARS" | wc -l
        code: []
        inputs: { pears: dataset:pears }
`;

testOnEachDatabase(
  'outputs are published once, a broken contract fails the step, and a reader waits for the publisher',
  migrationSets,
  (database) =>
    withOrchard(database, async (orchard, server) => {
      orchard.write({ 'ripen.yaml': load, 'gate.txt': 'open', 'month.txt': 'good january', 'contract.txt': 'good' });
      const go = async () => finished(server, await server.pipelines.startRun(context, { project: 'orchard', pipeline: 'load' }));
      const first = await go();
      assert.equal(first.run.state, 'succeeded', JSON.stringify(first.steps));
      assert.equal(first.steps['extract']?.published[0]?.snapshot, 1);
      assert.equal(
        Buffer.from(await server.pipelines.logs.read(first.run.id, 'count', { start: 0 }))
          .toString()
          .trim(),
        '1',
      );
      const second = await go();
      assert.deepEqual(
        [second.steps['extract']?.state, second.steps['extract']?.published[0]?.snapshot, orchard.data.count('pears')],
        ['cached', 1, 1],
      );
      orchard.write({ 'month.txt': 'bad february' });
      const third = await go();
      assert.deepEqual(
        [third.run.state, third.steps['extract']?.failure?.code, third.steps['count']?.state],
        ['failed', 'data.contract-broken', 'skipped'],
      );
      orchard.write({ 'contract.txt': 'february' });
      const fourth = await go();
      assert.deepEqual([fourth.run.state, orchard.data.count('pears')], ['succeeded', 2]);
      orchard.write({ 'ripen.yaml': load.replace('contract.txt', 'gone.txt') });
      await assert.rejects(go(), { code: 'pipelines.contract-missing' });
    }),
);

testOnEachDatabase(
  'an event starts its trigger once, one more run waits at most, and a schedule is set and taken away',
  migrationSets,
  (database) =>
    withOrchard(database, async (orchard, server) => {
      const text = `
pipelines:
  retrain:
    parameters: { epochs: 1 }
    triggers:
      - { on: alert.fired, where: { severity: [critical, high] }, parameters: { epochs: 9 } }
      - { cron: '0 6 * * *', zone: Europe/Berlin }
    steps: { s: { command: 'sleep 0.3; cat "$RIPEN_PARAMETERS"', parameters: [epochs], cache: false } }
`;
      orchard.write({ 'ripen.yaml': text });
      await server.pipelines.define(context, 'orchard');
      assert.deepEqual(
        (await server.jobs.schedules()).map(({ name }) => name),
        ['pipelines/orchard/retrain#1'],
      );
      const fire = (severity: string) =>
        orchard.events.change(context, async (change) =>
          change.emit({ type: 'alert.fired', source: 'test', subject: 'alerts/1', data: { alert: 'a1', severity } }),
        );
      await fire('low');
      for (let index = 0; index < 5; index++) await fire('critical');
      const runs = () => server.pipelines.pipelineRuns({ project: 'orchard', limit: 10 });
      await until(
        async () =>
          (await server.jobs.find({ kind: 'pipelines.triggered' })).length === 0 &&
          (await runs()).length === 2 &&
          (await runs()).every(({ state }) => state === 'succeeded'),
      );
      const [, first] = await runs();
      assert.deepEqual([first?.trigger.kind, first?.parameters['epochs'], first?.actor.kind], ['alert', 9, 'system']);
      const told = await orchard.events.find({ types: ['retraining.triggered'] });
      assert.deepEqual(told.map(({ data }) => [data['alert'], data['pipelineRun']])[0], ['a1', first?.id]);
      assert.equal(told[0]?.data['event'], first?.trigger.event);
      orchard.write({ 'ripen.yaml': text.replace(/ {6}- \{ cron.*\n/, '') });
      await server.pipelines.define(context, 'orchard');
      assert.deepEqual(await server.jobs.schedules(), []);
      const defined = await orchard.events.find({ types: ['pipeline.defined'] });
      await server.pipelines.define(context, 'orchard');
      assert.equal((await orchard.events.find({ types: ['pipeline.defined'] })).length, defined.length);
    }),
);

testOnEachDatabase('what cannot be started is told at once', migrationSets, (database) =>
  withOrchard(database, async (orchard, server) => {
    const go = (pipeline: string, parameters = {}) => server.pipelines.startRun(context, { project: 'orchard', pipeline, parameters });
    await assert.rejects(go('train'), { code: 'pipelines.definition-missing' });
    orchard.write({ 'ripen.yaml': 'pipelines: { a: { steps: { s: { comand: x } } } }' });
    await assert.rejects(go('train'), { code: 'pipelines.definition-invalid' });
    orchard.write(files);
    await assert.rejects(go('trian'), { code: 'pipelines.pipeline-not-found', message: /Did you mean "train"/ });
    await assert.rejects(go('train', { epoch: 1 }), { code: 'pipelines.parameter-unknown' });
    await assert.rejects(go('train', { epochs: '1' }), { code: 'pipelines.parameter-type' });
    await assert.rejects(go('train'), { code: 'data.dataset-not-found' });
    await assert.rejects(server.pipelines.startRun(context, { project: 'elsewhere', pipeline: 'p' }), {
      code: 'pipelines.project-has-no-code',
    });
    await assert.rejects(server.pipelines.pipelineRun('orchard', 'x'), { code: 'pipelines.pipeline-run-not-found' });
    await pause(0);
  }),
);

testOnEachDatabase('one hundred steps cost little beyond their processes', migrationSets, (database) =>
  withOrchard(database, async (orchard, server) => {
    const steps = Array.from({ length: 100 }, (_, index) => `      s${index}: { command: 'true ${index}', code: [] }`).join('\n');
    orchard.write({ 'ripen.yaml': `pipelines:\n  p:\n    steps:\n${steps}\n` });
    const started = performance.now();
    const { run } = await finished(server, await server.pipelines.startRun(context, { project: 'orchard', pipeline: 'p' }));
    assert.equal(run.state, 'succeeded');
    process.stdout.write(`# 100 no-op steps in ${Math.round(performance.now() - started)} ms on ${database.dialect}\n`);
  }),
);

function readText(path: string): string {
  return readFileSync(path, 'utf8');
}
