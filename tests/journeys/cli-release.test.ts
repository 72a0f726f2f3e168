import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type TestCli, withCli } from '#cli/testing.ts';
import type { DeploymentWire } from '#serving/index.ts';
import { tinyModel } from '../../src/delivery/testing/tiny-model.ts';
import { eventually } from '../testing/eventually.ts';
import { predict, writeSmallProject } from '../testing/small-project.ts';

/** A model's way through the commands alone: trained, described, released, used, rolled back, watched. */

async function ok({ run }: TestCli, ...words: string[]): Promise<string> {
  const { code, out, err } = await run(...words);
  assert.equal(code, 0, `ripen ${words.join(' ')}: ${out}${err}`);
  assert.ok(
    out.split('\n').every((line) => line.length <= 100 || /[0-9a-f]{64}|http:/.test(line)),
    `ripen ${words.join(' ')} prints lines that are too long:\n${out}`,
  );
  return out;
}

test('a model goes from data to production and back by commands', async () => {
  await withCli(
    () => import('../../src/app.ts'),
    async (cli) => {
      const server = await cli.start();
      await writeSmallProject(cli.directory);
      const definition = join(cli.directory, 'ripen.yaml');
      writeFileSync(definition, readFileSync(definition, 'utf8').replace('wc -l < "$RIPEN_INPUT_ORDERS"', 'ls "$RIPEN_INPUT_ORDERS"'));
      await fetch(`${server.address}/api/v1/projects`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'shop', path: cli.directory }),
      });
      await trainTwice(cli);
      await lookAtModels(cli);
      await release(cli);
      await useAndWatch(cli);
      assert.match(await ok(cli, 'rollback', 'delay', '--reason', 'the first was better'), /All traffic of delay goes to revision/);
      const production = await revisionsOf(cli);
      assert.equal(production.find(({ weight }) => weight === 100)?.modelVersion, '1');
      assert.match((await cli.run('rollback', 'delay', '--environment', 'mars')).err, /error/);
      await holdAndEnd(cli);
      assert.match(await ok(cli, 'events', 'verify'), /as it was written/);
    },
  );
});

async function trainTwice(cli: TestCli): Promise<void> {
  await ok(cli, 'pipeline', 'run', 'load');
  assert.match(await ok(cli, 'pipeline', 'run', 'train'), /registered +delay version 1/);
  writeFileSync(join(cli.directory, 'model.onnx'), tinyModel({ weight: 5, bias: 0 }));
  assert.match(await ok(cli, 'pipeline', 'run', 'train'), /registered +delay version 2/);
}

async function lookAtModels(cli: TestCli): Promise<void> {
  assert.match(await ok(cli, 'models', 'list'), /^Model +Newest .*\ndelay +2 /);
  assert.match(await ok(cli, 'models', 'show', 'delay'), /Version .*\n +2 .*\n +1 /);
  assert.match(await ok(cli, 'models', 'show', 'delay', '1'), /model\.onnx[^]*input +x +FP32/);
  assert.match(await ok(cli, 'models', 'compare', 'delay', '1', 'latest'), /model\.onnx/);
  assert.match(await ok(cli, 'models', 'alias', 'delay', '@candidate', '1'), /@candidate of delay is version 1/);
  writeFileSync(join(cli.directory, 'new-card.md'), '# Delay\n\n## Intended use\n\nTo tell late orders.\n');
  assert.match(await ok(cli, 'models', 'card', 'delay', '1', '--file', 'new-card.md'), /The card is kept\.\n\d+ of \d+ required sections/);
  assert.match(await ok(cli, 'models', 'card', 'delay', '1'), /To tell late orders\./);
  assert.equal((await cli.run('models', 'card', 'delay', '1', '--file', 'missing.md')).code, 2);
}

async function release(cli: TestCli): Promise<void> {
  const first = await ok(cli, 'deploy', 'delay', '--version', '@candidate', '--reason', 'the first');
  assert.match(first, /✔ Release delay 1 to delay .*released\n[^]*state +released[^]*Gate to (?:staging|production): passed/);
  assert.match(await ok(cli, 'deploy', 'status', 'delay'), /Deployment +Environment[^]*delay +production +1 +delay 1 +serving +100 %/);
  const second = await cli.run('deploy', 'delay', '--json');
  const story = JSON.parse(second.out) as { state: string; version: number };
  assert.deepEqual([second.code, story.state, story.version], [0, 'released', 2], second.out);
  assert.match(await ok(cli, 'deploy', 'releases'), /^Release +Deployment .*\n.* delay 2 +released/);
  assert.match(await ok(cli, 'deploy', 'show', 'latest'), /of +delay version 2 to delay/);
  assert.equal((await cli.run('deploy', 'approve', 'latest')).code, 4);
  assert.equal((await cli.run('deploy', 'cancel', 'latest', '--reason', 'late')).code, 4);
}

/** A canary without traffic waits for its requests: time enough to hold it, let it go on and end it. */
async function holdAndEnd(cli: TestCli): Promise<void> {
  assert.equal((await cli.run('deploy', 'pause', 'nothing')).code, 3);
  const definition = join(cli.directory, 'ripen.yaml');
  writeFileSync(definition, readFileSync(definition, 'utf8').replace('canary: [100]', 'canary: [5, 100]'));
  await ok(cli, 'deploy', 'delay', '--version', '2', '--detach');
  await eventually(
    'the canary to be held',
    async () => (await cli.run('deploy', 'pause', 'delay', '--reason', 'lunch')).code === 0 || undefined,
  );
  assert.match(await ok(cli, 'deploy', 'resume', 'delay'), /goes on/);
  assert.match(await ok(cli, 'deploy', 'abort', 'delay', '--reason', 'enough'), /the traffic goes back/);
  await eventually(
    'the traffic to be back',
    async () => (await revisionsOf(cli)).find(({ weight }) => weight === 100)?.modelVersion === '1' || undefined,
  );
}

async function revisionsOf({ json }: TestCli) {
  const { items } = await json<{ items: DeploymentWire[] }>('deploy', 'status', 'delay');
  const place = items[0]?.environments.find(({ environment }) => environment === 'production');
  return (place?.revisions ?? []).map((revision) => ({ ...revision, url: place?.inferUrl ?? '' }));
}

async function useAndWatch(cli: TestCli): Promise<void> {
  const url = (await revisionsOf(cli))[0]?.url ?? '';
  for (let index = 0; index < 5; index++) assert.ok((await predict(url, index / 5, `order-${index}`)) !== undefined);
  writeFileSync(join(cli.directory, 'labels.csv'), 'id,label\norder-0,0\norder-1,1\n');
  const labelled = await ok(cli, 'monitor', 'label', 'delay', '--file', 'labels.csv');
  assert.match(labelled, /^2 labels received, \d joined, \d of predictions that are not known/);
  assert.match(await ok(cli, 'monitor', 'list'), /^Deployment .*\ndelay +delay 2/);
  await ok(cli, 'monitor', 'windows', 'delay');
  assert.equal((await cli.run('monitor', 'window', 'delay', 'yesterday')).code, 2);
  assert.equal((await cli.run('monitor', 'window', 'delay', '2001-01-01')).code, 3);
  assert.match(await ok(cli, 'alerts', 'list'), /No alert fits/);
  writeFileSync(join(cli.directory, 'wrong.csv'), 'prediction,outcome\n1,2\n');
  assert.equal((await cli.run('monitor', 'label', 'delay', '--file', 'wrong.csv')).code, 2);
}
