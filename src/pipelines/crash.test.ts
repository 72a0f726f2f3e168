import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '#kernel/database/index.ts';
import { verifyLog } from '#kernel/events/index.ts';
import { sweepOrphans } from '#kernel/processes/index.ts';
import { context, finished, migrationSets, openOrchard } from './testing/orchard.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const server = fileURLToPath(new URL('./testing/crash-server.ts', import.meta.url));

test('however often the server is killed, finished steps are not repeated, no process is left and the run ends well', async () => {
  const orchard = await openOrchard(await openDatabase('sqlite::memory:'));
  const url = `sqlite:${join(orchard.folder, 'ripen.db')}`;
  const marks = join(orchard.folder, 'marks');
  const database = await openDatabase(url);
  try {
    await database.migrate(migrationSets);
    const steps = names.map((name, index) => {
      const before = names[index - 1];
      const from = before === undefined ? '' : `cat "$RIPEN_INPUT_BEFORE" >> "$RIPEN_OUTPUT_OUT"; `;
      const inputs = before === undefined ? '' : `, inputs: { before: ${before}/out }`;
      return `      ${name}: { command: 'echo ${name} >> ${marks}; sleep 0.12; ${from}echo ${name} >> "$RIPEN_OUTPUT_OUT"', outputs: { out: out.txt }${inputs} }`;
    });
    orchard.write({ 'ripen.yaml': `pipelines:\n  p:\n    steps:\n${steps.join('\n')}\n` });
    const here = await openOrchard(database, { folder: orchard.folder });
    const life = here.boot();
    const run = await life.pipelines.startRun(context, { project: 'orchard', pipeline: 'p' });
    const done: string[] = [];
    for (let kills = 0; kills < 3; kills++) {
      const marked = existsSync(marks) ? readFileSync(marks, 'utf8').length : 0;
      await killedServer(orchard.folder, url, 60 + Math.random() * 250);
      const written = existsSync(marks) ? readFileSync(marks, 'utf8').slice(marked) : '';
      for (const name of done) assert.ok(!written.includes(name), `the finished step ${name} was run again`);
      const now = await life.pipelines.steps(run);
      done.splice(0, done.length, ...now.filter((step) => step.state === 'succeeded').map((step) => step.step));
    }
    await life.start();
    const end = await finished(life, run);
    await life.stop();
    assert.equal(end.run.state, 'succeeded');
    const output = end.steps['f']?.outputs['out'];
    assert.ok(output);
    assert.equal((await orchard.objects.read(output.digest)).toString(), 'a\nb\nc\nd\ne\nf\n');
    assert.ok(Object.values(end.steps).every((step) => step.attempts === 1));
    assert.equal(await sweepOrphans(here.instance), 0);
    assert.ok((await verifyLog(database)).ok);
    const types = (await here.events.find({ subject: `projects/orchard/pipeline-runs/${run.id}` })).map(({ type }) => type);
    assert.deepEqual(types, ['pipeline.run.started', ...names.map(() => 'step.run.finished'), 'pipeline.run.finished']);
  } finally {
    await database.close();
    await orchard.database.close();
    await orchard.close();
  }
});

async function killedServer(folder: string, url: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [server, folder, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), exited]);
  await pause(afterMs);
  child.kill('SIGKILL');
  await exited;
}
