import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type TestCli, withCli } from '#cli/testing.ts';

const composition = () => import('../src/app.ts');
const withServer = (body: (cli: TestCli) => Promise<void>, width?: number) =>
  withCli(
    composition,
    async (cli) => {
      await cli.start();
      await body(cli);
    },
    width === undefined ? {} : { width },
  );

const definition = `project: pears
pipelines:
  weigh:
    description: Weigh the pears
    parameters: { grams: 100, word: ripe }
    steps:
      weigh:
        command: 'echo weighing; cat $RIPEN_PARAMETERS; echo "{\\"type\\":\\"metric\\",\\"name\\":\\"grams\\",\\"value\\":180.5}" >> $RIPEN_RUN_LOG; cp $RIPEN_PARAMETERS $RIPEN_OUTPUT_WEIGHT'
        parameters: [grams, word]
        outputs: { weight: weight.json }
        tracked: true
  rot:
    steps:
      rot: { command: 'exit 3', outputs: {} }
`;

/** A project named pears, whose folder the commands work in. */
async function inPears(cli: TestCli): Promise<void> {
  writeFileSync(join(cli.directory, 'ripen.yaml'), definition);
  const address = (JSON.parse(readFileSync(join(cli.home, 'server.json'), 'utf8')) as { address: string }).address;
  const response = await fetch(`${address}/api/v1/projects`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'pears', path: cli.directory }),
  });
  assert.equal(response.status, 201);
}

test('a wrong command, option or argument names the nearest right one and ends with 2', async () => {
  await withCli(composition, async ({ run }) => {
    for (const [words, told] of [
      [['dta'], /Unknown command 'dta'\.\n +Did you mean data\?/],
      [['data', 'lst'], /Unknown command 'lst'\.\n +Did you mean list\?/],
      [['data', 'list', '--jso'], /Unknown option '--jso'\.\n +Did you mean --json\?/],
      [['data', 'load'], /Missing required argument 'dataset'/],
      [['data'], /ripen data needs one of the commands above/],
      [['alerts', 'silence', 'drift'], /Required option '--for <duration>' not specified/],
    ] as const) {
      const { code, err } = await run(...words);
      assert.deepEqual([words, code], [words, 2]);
      assert.match(err, told);
    }
    const { code, err } = await run('data', 'lst', '--json');
    assert.deepEqual([code, (JSON.parse(err) as { error: { code: string } }).error.code], [2, 'cli.wrong-usage']);
  });
});

test('without a server commands say so with 7, and help and version need none', async () => {
  await withCli(composition, async ({ run }) => {
    const { code, err } = await run('data', 'list', '--project', 'pears');
    assert.equal(code, 7);
    assert.match(err, /No Ripen server answers at http:\/\/127\.0\.0\.1:0 .*\n +Start one with `ripen up`/);
    assert.match((await run('--version')).out, /^\d+\.\d+\.\d+\n$/);
    for (const words of [[], ['--help'], ['help', 'data'], ['data', 'list', '--help']]) {
      const helped = await run(...words);
      assert.equal(helped.code, 0);
      assert.match(helped.out, /^Usage: ripen/);
    }
  });
});

test('config tells each setting and where it came from, and a wrong one ends with 2', async () => {
  await withCli(
    composition,
    async ({ run, json }) => {
      const settings = await json<{ key: string; value: string; origin: string }[]>('config');
      assert.deepEqual(
        settings.find(({ key }) => key === 'database.url'),
        {
          key: 'database.url',
          value: 'postgres://db/ripen',
          origin: 'environment RIPEN_DATABASE_URL',
          environment: 'RIPEN_DATABASE_URL',
          description: 'Metadata database; sqlite:<home>/ripen.db unless set',
        },
      );
      assert.ok((await run('config')).out.split('\n').every((line) => line.length <= 80));
    },
    { width: 80, environment: { RIPEN_DATABASE_URL: 'postgres://me:secret@db/ripen' } },
  );
  await withCli(
    composition,
    async ({ run }) => {
      const { code, err } = await run('config');
      assert.equal(code, 2);
      assert.match(err, /Did you mean "warn"\?/);
    },
    { environment: { RIPEN_LOG_LEVEL: 'wran' } },
  );
});

test('a project comes from a template, and is found by option, variable, folder, or being the only one', async () => {
  await withServer(async ({ run, json, directory }) => {
    assert.equal((await run('data', 'list')).code, 3);
    assert.match((await run('init', '--list')).out, /^Template .*\nonnx-typescript /);
    const made = await json<{ name: string; path: string }>('init', 'My Flights', '--template', 'onnx-typescript');
    assert.deepEqual(made, { ...made, name: 'my-flights', path: join(directory, 'My Flights') });
    assert.equal((await run('data', 'list')).code, 0);
    assert.equal((await run('init', 'second')).code, 0);
    const several = await run('data', 'list');
    assert.deepEqual([several.code, /several projects: my-flights, second/.test(several.err)], [2, true]);
    assert.match((await run('data', 'list', '--project', 'second')).out, /There are no datasets/);
    assert.equal((await run('data', 'list', '--project', 'third')).code, 3);
    assert.equal((await run('init', 'second')).code, 4);
    assert.match((await run('init', 'x', '--template', 'onnx-typescrip')).err, /Did you mean "onnx-typescript"/);
    const ladder = await run('assess', '--project', 'second');
    assert.match(ladder.out, /^second \/ Ladder/);
    assert.equal((await json<{ project: string }>('assess', '--project', 'second', '--record')).project, 'second');
    assert.match((await run('assess', '--project', 'second', '--history')).out, /^When .*\n\d{4}-/);
  });
});

test('files become snapshots, and one that breaks its contract is told and kept in quarantine', async () => {
  await withServer(async (cli) => {
    await inPears(cli);
    const { run, json, directory } = cli;
    writeFileSync(join(directory, 'pears.csv'), 'name,grams\nConference,180.5\nWilliams,\n');
    writeFileSync(join(directory, 'bad.csv'), 'name,grams\nStone,-5\n');
    writeFileSync(join(directory, 'pears.yaml'), 'columns:\n  name: { type: string }\n  grams: { type: number, minimum: 0 }\n');
    const loaded = await run('data', 'load', 'pears', 'pears.csv', '--contract', 'pears.yaml');
    assert.equal(loaded.err, '');
    assert.match(loaded.out, /^Snapshot 1 of pears is published: 2 rows \(2 new\), \d+ rules of the contract are kept\.\nsha256:/);
    const refused = await run('data', 'load', 'pears', 'bad.csv');
    assert.equal(refused.code, 2, refused.err);
    assert.equal((await run('data', 'load', 'pears', 'missing.csv')).code, 2);
    assert.match((await run('data', 'list')).out, /^Dataset +Snapshot +Rows .*\npears +1 +2 /);
    assert.match((await run('data', 'preview', 'pears')).out, /^name +grams\nConference +180\.5\nWilliams +–\n$/);
    assert.match((await run('data', 'show', 'pears')).out, /Column +Type\nname +VARCHAR\ngrams +DOUBLE\n\nSnapshot/);
    const { items } = await json<{ items: { id: string }[] }>('data', 'quarantine', 'pears');
    const shown = await run('data', 'quarantine', 'pears', items[0]?.id ?? '');
    assert.match(shown.out, /^"bad\.csv" breaks the contract .*\n {2}✖ grams: 1 of 1 rows are below 0\n {2}row 1, grams: /);
    assert.match((await run('data', 'quarantine', 'pears')).out, /bad\.csv/);
  });
});

test('any command becomes a tracked run with its metrics, files, use and exit status', async () => {
  await withServer(async (cli) => {
    await inPears(cli);
    const { run, json, directory } = cli;
    const script = `
      const { appendFileSync, writeFileSync } = require('node:fs');
      const log = (line) => appendFileSync(process.env.RIPEN_RUN_LOG, JSON.stringify(line) + '\\n');
      log({ type: 'parameter', name: 'depth', value: 5 });
      log({ type: 'metric', name: 'loss', value: 0.5, step: 1 });
      log({ type: 'metric', name: 'loss', value: 'NaN', step: 2 });
      log({ type: 'tag', name: 'kind', value: 'tree' });
      writeFileSync('curve.json', '[1,2]');
      log({ type: 'artifact', name: 'curve.json', path: 'curve.json' });
      appendFileSync(process.env.RIPEN_RUN_LOG, 'no json\\n');
      console.log('hello'); console.error('trouble'); process.exit(Number(process.argv[2] ?? 0));`;
    writeFileSync(join(directory, 'train.cjs'), script);
    const first = await run('run', '--experiment', 'trees', '--', process.execPath, 'train.cjs');
    assert.equal(first.code, 0, first.err);
    assert.equal(first.out, 'hello\n');
    assert.match(first.err, /^trouble$/m);
    assert.match(first.err, /^A line of the run log was left out: it is not JSON: no json$/m);
    assert.match(first.err, /\nRun [0-9a-f]{32} finished, after .*\n$/);
    assert.equal((await run('run', '--experiment', 'trees', '--', process.execPath, 'train.cjs', '3')).code, 3);
    assert.equal((await run('run', '--', 'no-such-program')).code, 127);

    const { items } = await json<{ items: { id: string; state: string }[] }>('runs', 'list', '--experiment', 'trees');
    assert.deepEqual(items.map(({ state }) => state).toSorted(), ['failed', 'finished']);
    const id = items.find(({ state }) => state === 'finished')?.id ?? '';
    const shown = await json<{ parameters: object; codeDigest: string; computeTarget: string; cpuMs?: number }>(
      'runs',
      'show',
      id.slice(0, 12),
    );
    assert.deepEqual(shown.parameters, { depth: '5' });
    assert.match(shown.codeDigest, /^sha256:/);
    assert.match(shown.computeTarget, /processors$/);
    assert.match((await run('runs', 'show', 'latest')).out, /^run +[0-9a-f]{32}\n/);
    assert.match((await run('runs', 'list')).out, /^Run +Name +Experiment +State +Started \(UTC\) +Took/);
    assert.match((await run('runs', 'metrics', id, 'loss')).out, /^Step +Value .*\n +1 +0\.5 .*\n +2 +NaN /);
    assert.match((await run('runs', 'metrics', id)).out, /^Metric +Step +Value .*\nloss +2 +NaN/);
    assert.match((await run('runs', 'compare', ...items.map((each) => each.id), '--all')).out, /depth +5 +5/);
    const exported = await run('runs', 'export', '--filter', `id = '${id}'`, '--column', 'name', 'metrics.loss', 'params.depth');
    assert.match(exported.out, /^name,metrics\.loss,params\.depth\r\n.+,NaN,5\r\n$/);
    const unwritable = await run('runs', 'export', 'no/such/folder/runs.csv');
    assert.match(unwritable.err, /cli\.file-not-written/);
    assert.equal((await run('runs', 'list', '--filter', 'metrics.loss >')).code, 2);
    assert.equal((await run('runs', 'show', 'ffffff')).code, 3);
    // The artifact is asked for as any client would.
    const { address } = JSON.parse(readFileSync(join(cli.home, 'server.json'), 'utf8')) as { address: string };
    assert.equal(await (await fetch(`${address}/api/v1/projects/pears/runs/${id}/artifacts/curve.json`)).text(), '[1,2]');
    assert.match(await (await fetch(`${address}/api/v1/projects/pears/runs/${id}/artifacts/output.log`)).text(), /hello/);
  });
});

test('a pipeline is run with parameters, followed, explained and read', async () => {
  await withServer(async (cli) => {
    await inPears(cli);
    const { run, json } = cli;
    assert.match((await run('pipeline', 'list')).out, /^Pipeline +Steps .*\nrot .*\nweigh +weigh .*Weigh the pears/);
    const first = await run('pipeline', 'run', 'weigh', '--set', 'grams=200', '--set', 'word=soft');
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /✔ weigh [0-9a-f]{12} +.*1 steps\n[^]*state +succeeded[^]*parameters +.*grams=200/);
    const again = await json<{ id: string; steps: { state: string }[] }>(
      'pipeline',
      'run',
      'weigh',
      '--set',
      'grams=200',
      '--set',
      'word=soft',
    );
    assert.deepEqual(
      again.steps.map(({ state }) => state),
      ['cached'],
    );
    assert.match((await run('pipeline', 'explain', again.id)).out, /^weigh: reused\n/);
    assert.match((await run('pipeline', 'runs')).out, /^Run +Pipeline +State/);
    assert.match((await run('pipeline', 'show', 'latest')).out, /Step +State +Took/);
    assert.match((await run('pipeline', 'logs', again.id, 'weigh')).out, /weighing\n\{.*"word": ?"soft"/);
    assert.match((await run('pipeline', 'logs', again.id, 'weigh', '--follow')).out, /weighing\n/);
    assert.match((await run('pipeline', 'run', 'weigh', '--set', 'grams')).err, /"grams" for --set is not name=value/);
    const failed = await run('pipeline', 'run', 'rot');
    assert.equal(failed.code, 4, failed.err);
    assert.equal((await run('pipeline', 'retry', 'latest')).code, 4);
    assert.equal((await run('pipeline', 'run', 'wiegh')).code, 3);
    assert.equal((await run('pipeline', 'cancel', 'latest')).code, 4);
  });
});

test('empty lists tell what to do, in every group', async () => {
  await withServer(async (cli) => {
    await inPears(cli);
    for (const [words, told] of [
      [['runs', 'list'], /No run fits/],
      [['models', 'list'], /There are no models/],
      [['deploy', 'status'], /Nothing is deployed/],
      [['deploy', 'releases'], /Nothing was released yet/],
      [['monitor', 'list'], /Nothing is monitored/],
      [['alerts', 'list'], /No alert fits/],
      [['pipeline', 'runs'], /No pipeline has run/],
      [['token', 'list'], /There are no tokens/],
    ] as const) {
      const { code, out, err } = await cli.run(...words);
      assert.equal(code, 0, err);
      assert.match(out, told);
      await cli.json(...words);
    }
    assert.equal((await cli.run('models', 'show', 'nothing')).code, 3);
    assert.equal((await cli.run('rollback', 'nothing')).code, 3);
    assert.equal((await cli.run('deploy', 'nothing')).code, 3);
    assert.equal((await cli.run('monitor', 'windows', 'nothing')).code, 3);
    assert.equal((await cli.run('alerts', 'ack', 'latest')).code, 3);
    assert.equal((await cli.run('alerts', 'silence', 'r', '--for', '3x', '--reason', 'y')).code, 2);
  });
});

test('events are listed, followed, proved and verified', async () => {
  await withServer(async (cli) => {
    await inPears(cli);
    const { run, json } = cli;
    const listed = await run('events', 'list', '--type', 'project.');
    assert.match(listed.out, /^Number +Time \(UTC\) +Type +Who +Object\n +1 .*project\.created .*projects\/pears\n$/);
    const followed = await run('events', 'follow', '--after', '0', '--count', '1');
    assert.match(followed.out, /^ +1 {2}.*project\.created/);
    assert.match((await run('events', 'prove', '1')).out, /The proof holds\.\n$/);
    assert.equal((await run('events', 'prove', '999')).code, 3);
    assert.match((await run('events', 'verify')).out, /^The event log is as it was written: \d+ events/);
    assert.equal((await json<{ ok: boolean }>('events', 'verify')).ok, true);
  });
});
