import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '#kernel/database/index.ts';
import { defineErrors } from '#kernel/errors.ts';
import { sweepOrphans } from '#kernel/processes/index.ts';
import { context, finished, migrationSets, type Orchard, type OrchardOptions, type Server, withOrchard } from './testing/orchard.ts';

const identityErrors = defineErrors('identity', {
  'project-not-found': { kind: 'not-found', message: (a: { project: string }) => `There is no project "${a.project}".` },
});

async function onSqlite(body: (orchard: Orchard, server: Server) => Promise<void>, options: OrchardOptions = {}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ripen-hostile-'));
  const database = await openDatabase(`sqlite:${join(folder, 'ripen.db')}`);
  try {
    await database.migrate(migrationSets);
    await withOrchard(database, body, options);
  } finally {
    await database.close();
    rmSync(folder, { recursive: true });
  }
}

async function run(orchard: Orchard, server: Server, steps: string) {
  orchard.write({ 'ripen.yaml': `pipelines:\n  p:\n    steps:\n${steps}` });
  return finished(server, await server.pipelines.startRun(context, { project: 'orchard', pipeline: 'p' }));
}

test('a flood of output is kept in bounds and the step goes on', () =>
  onSqlite(async (orchard, server) => {
    const end = await run(orchard, server, `      flood: { command: 'yes 0123456789abcdef | head -c 60000000; echo the end' }\n`);
    assert.equal(end.run.state, 'succeeded');
    const log = Buffer.from(await server.pipelines.logs.read(end.run.id, 'flood', { start: 0 }));
    assert.ok(log.length < 17_000_000);
    assert.match(log.toString('latin1'), /bytes of output were dropped here/);
    assert.match(log.subarray(-20).toString(), /the end\n$/);
  }));

test('children in the background, also in a session of their own, end with the step', () =>
  onSqlite(async (orchard, server) => {
    const end = await run(orchard, server, `      forks: { command: 'sleep 300 & setsid sleep 301 & nohup sleep 302 & echo done' }\n`);
    assert.equal(end.run.state, 'succeeded');
    assert.equal(await sweepOrphans(orchard.instance), 0);
  }));

test('a run log with rubbish, wrong names and missing artifacts gives warnings and no more', () =>
  onSqlite(async (orchard, server) => {
    orchard.write({
      'log.sh': `
printf '{"type":"metric","name":"a","value":1}\\n\\n\\xff\\xfe\\n{"type":"metric"}\\n[1,2]\\n{"type":"artifact","name":"x","path":"gone.txt"}\\n' >> "$RIPEN_RUN_LOG"
printf '{"type":"parameter","name":"p","value":1}\\n{"type":"metric","name":"b","value":"NaN"}' >> "$RIPEN_RUN_LOG"
`,
    });
    const end = await run(orchard, server, `      odd: { command: sh log.sh, tracked: true }\n`);
    assert.equal(end.run.state, 'succeeded');
    assert.deepEqual(
      end.steps['odd']?.warnings.map(({ details }) => (details as { line: number }).line),
      [3, 4, 5, 6],
    );
    const tracked = await orchard.tracking.run('orchard', end.run.run ?? '');
    assert.deepEqual(
      tracked.metrics.map(({ name, value }) => [name, value]).sort(([a], [b]) => String(a).localeCompare(String(b))),
      [
        ['a', 1],
        ['b', NaN],
      ],
    );
  }));

test('an output folder with a named pipe or a device is refused with words', () =>
  onSqlite(async (orchard, server) => {
    const end = await run(
      orchard,
      server,
      `      pipe: { command: 'mkdir "$RIPEN_OUTPUT_D"; mkfifo "$RIPEN_OUTPUT_D/p"', outputs: { d: d } }\n`,
    );
    assert.equal(end.steps['pipe']?.failure?.code, 'pipelines.output-unreadable');
  }));

test('a run whose project is gone ends as failed', () => {
  let gone = false;
  let path = '';
  const projects = {
    project: async (name: string) => {
      if (gone) throw identityErrors['project-not-found']({ project: name });
      return { name, path };
    },
  };
  return onSqlite(
    async (orchard, server) => {
      path = orchard.project;
      orchard.write({ 'ripen.yaml': `pipelines: { p: { steps: { s: { command: 'true' } } } }` });
      await server.jobs.stop();
      const started = await server.pipelines.startRun(context, { project: 'orchard', pipeline: 'p' });
      gone = true;
      await server.jobs.start();
      const end = await finished({ pipelines: server.pipelines }, started);
      assert.deepEqual([end.run.state, end.run.failure?.code, end.steps['s']?.state], ['failed', 'identity.project-not-found', 'skipped']);
    },
    { projects },
  );
});

test('a name or a path with odd characters, and an empty output, are taken as they are', () =>
  onSqlite(async (orchard, server) => {
    orchard.write({ 'ünï code/a b.txt': 'hello' });
    const end = await run(
      orchard,
      server,
      `      odd: { command: 'cat "ünï code/a b.txt"; : > "$RIPEN_OUTPUT_O"', code: ['ünï code'], outputs: { o: 'päth/ö x.txt' } }\n`,
    );
    assert.equal(end.run.state, 'succeeded', JSON.stringify(end.steps['odd']?.failure));
    assert.equal(end.steps['odd']?.outputs['o']?.size, 0);
    assert.equal(Buffer.from(await server.pipelines.logs.read(end.run.id, 'odd', { start: 0 })).toString(), 'hello');
  }));
