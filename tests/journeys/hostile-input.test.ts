import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { QuarantineWire, SnapshotWire } from '../../src/data/index.ts';
import { createAnalytics } from '../../src/kernel/analytics/index.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { instanceProcesses } from '../testing/instance-processes.ts';
import { launch, type Ripen, ripen } from '../testing/launch.ts';
import { createShop, runPipeline, shop, writeSmallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary.ts';

// Broken files and steps that misbehave: each is named for what it is, and nothing else suffers.

const home = temporaryFolder();
const files = temporaryFolder();
const project = join(temporaryFolder(), 'shop');
const steps = (name: string, command: string, more = ''): string => `
  ${name}:
    steps:
      ${name}: { command: '${command}'${more} }`;
const misbehaving = [
  steps('hang', 'echo begun; trap "" TERM; while true; do sleep 1; done', ', timeout: 2s'),
  steps('flood', 'yes 0123456789abcdef0123456789abcdef | head -c 1000000000; echo the end'),
  steps('forks', 'for i in 1 2 3 4 5; do sleep 3000 & setsid sleep 3001 & nohup sleep 3002 & done; echo forked'),
  steps('signal', 'kill -SEGV $$'),
  steps('greedy', 'head -c 300000000 /dev/zero > "$RIPEN_OUTPUT_BIG"', ', outputs: { big: big.bin }, cache: false'),
  steps('missing', 'true', ', outputs: { nothing: nothing.txt }'),
].join('');

let server: Ripen;
before(async () => {
  await writeSmallProject(project, {}, misbehaving);
  const analytics = createAnalytics({ directory: join(files, 'analytics'), log: silentLog });
  try {
    const write = (name: string, query: string) => analytics.run(`COPY (${query}) TO '${join(files, name)}' (FORMAT parquet)`);
    await write('good.parquet', `select i::bigint as x, 'Rome' as place from range(5000) t(i)`);
    await write('no-rows.parquet', `select i::bigint as x, 'Rome' as place from range(0) t(i)`);
    await write('no-place.parquet', 'select i::bigint as x from range(5) t(i)');
    await write('wrong-type.parquet', `select 'much' as x, 'Rome' as place from range(5) t(i)`);
  } finally {
    await analytics.close();
  }
  server = await launch({ home });
  await createShop(server.client, project);
  const loaded = await runPipeline(server.client, 'load');
  assert.equal(loaded.state, 'succeeded', JSON.stringify(loaded.steps));
});
after(async () => {
  await server.stop();
});

const snapshots = async (): Promise<number> =>
  (await server.client.get<{ items: SnapshotWire[] }>(`${shop}/datasets/orders/snapshots`)).items.length;
const quarantined = async (): Promise<readonly QuarantineWire[]> =>
  (await server.client.get<{ items: QuarantineWire[] }>(`${shop}/datasets/orders/quarantine`)).items;

async function refused(name: string, content: Buffer | string | undefined, code: RegExp): Promise<void> {
  const path = join(files, name);
  if (content !== undefined) writeFileSync(path, content);
  const before = { snapshots: await snapshots(), quarantined: (await quarantined()).length };
  const answer = await ripen(['data', 'load', 'orders', path, '-p', 'shop', '--json'], { home });
  assert.notEqual(answer.code, 0, `${name} was taken`);
  const { error } = JSON.parse(answer.stderr) as { error: { code: string; message: string; hint?: string } };
  assert.match(error.code, code, `${name}: ${answer.stderr}`);
  assert.ok(error.message.length > 20 && !/Invalid Error|TProtocol|Binder|duckdb/i.test(error.message), error.message);
  assert.equal(await snapshots(), before.snapshots, `${name} made a snapshot`);
  const kept = await quarantined();
  assert.equal(kept.length, before.quarantined + 1, `${name} is kept for whoever has to look at it`);
  assert.equal(kept[0]?.source.name, name);
}

test('Parquet files that are cut or damaged are quarantined as corrupt', async () => {
  const { readFileSync } = await import('node:fs');
  const good = readFileSync(join(files, 'good.parquet'));
  await refused('cut.parquet', good.subarray(0, good.length - 100), /^data\.file-corrupt$/);
  await refused('half.parquet', good.subarray(0, good.length / 2), /^data\.file-corrupt$/);
  const damaged = Buffer.from(good);
  damaged.fill(0xff, 40, Math.min(4000, good.length - 400));
  await refused('damaged.parquet', damaged, /^data\.file-corrupt$/);
  const footer = Buffer.from(good);
  footer.fill(0, good.length - 200, good.length - 8);
  await refused('footer.parquet', footer, /^data\.file-corrupt$/);
  await refused('text.parquet', 'this is no Parquet file at all, only its name says so\n', /^data\.file-corrupt$/);
});

test('CSV files that are cut, ragged or no text are quarantined with what is wrong', async () => {
  await refused('quote.csv', 'x,place\n1,Rome\n2,"Zür', /^data\.file-/);
  await refused('ragged.csv', 'x,place\n1,Rome\n2,Rome,extra,more\n', /^data\.(file-|schema|contract)/);
  await refused('bytes.csv', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0xff, 0xfe, 0x0a, 0x80, 0x81]), /^data\.(file-|contract|schema)/);
  await refused('latin.csv', Buffer.from('x,place\n1,Z\xfcrich\n', 'latin1'), /^data\.file-encoding$/);
});

test('empty files, files without rows, missing columns and wrong types are each named', async () => {
  await refused('empty.csv', '', /^data\.file-empty$/);
  await refused('empty.parquet', '', /^data\.file-empty$/);
  await refused('header.csv', 'x,place\n', /^data\.file-no-rows$/);
  await refused('no-rows.parquet', undefined, /^data\.file-no-rows$/);
  await refused('no-place.csv', 'x\n1\n', /^data\.(contract-broken|schema-changed)$/);
  await refused('no-place.parquet', undefined, /^data\.(contract-broken|schema-changed)$/);
  await refused('wrong-type.csv', 'x,place\nmuch,Rome\n', /^data\.(contract-broken|schema-changed)$/);
  await refused('wrong-type.parquet', undefined, /^data\.(contract-broken|schema-changed)$/);
});

test('after all that a good file is loaded as the next snapshot', async () => {
  const before = await snapshots();
  const answer = await ripen(['data', 'load', 'orders', join(files, 'good.parquet'), '-p', 'shop'], { home });
  assert.equal(answer.code, 0, answer.stderr);
  assert.equal(await snapshots(), before + 1);
  assert.equal((await fetch(`${server.address}/readyz`)).status, 200);
});

test('a step that hangs and ignores SIGTERM ends at its timeout', async () => {
  const run = await runPipeline(server.client, 'hang');
  assert.deepEqual([run.state, run.steps[0]?.failure?.code], ['failed', 'pipelines.step-timed-out'], JSON.stringify(run.steps));
  assert.match(run.steps[0]?.failure?.message ?? '', /2 s|2s|2000/);
});

test('a step that writes 1 GB of log fills neither disk nor memory, and its end is kept', async () => {
  const run = await runPipeline(server.client, 'flood');
  assert.equal(run.state, 'succeeded', JSON.stringify(run.steps));
  assert.ok(sizeOf(home) < 250_000_000, `the home has ${sizeOf(home)} bytes`);
  const { stdout, code } = await ripen(['pipeline', 'logs', run.id, 'flood', '-p', 'shop'], { home });
  assert.equal(code, 0);
  assert.ok(stdout.length < 20_000_000, `${stdout.length} characters of log`);
  assert.match(stdout, /bytes of output were dropped here/);
  assert.match(stdout, /the end\n$/);
  const peak = Number(/VmHWM:\s+(\d+)/.exec(execFileSync('cat', [`/proc/${server.pid}/status`], { encoding: 'utf8' }))?.[1]);
  assert.ok(peak < 700_000, `the server has used ${peak} KiB`);
});

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

test('children that a step leaves behind end with it, also those in a session of their own', async () => {
  const run = await runPipeline(server.client, 'forks');
  assert.equal(run.state, 'succeeded', JSON.stringify(run.steps));
  assert.deepEqual(
    instanceProcesses(home).filter(({ command }) => /sleep 300[012]/.test(command)),
    [],
  );
});

test('a step that a signal ends is told by the name of the signal', async () => {
  const run = await runPipeline(server.client, 'signal');
  assert.deepEqual([run.state, run.steps[0]?.failure?.code], ['failed', 'pipelines.step-signal'], JSON.stringify(run.steps));
  assert.match(run.steps[0]?.failure?.message ?? '', /SIGSEGV/);
});

test('an output that is missing is named; a large one is kept', async () => {
  const missing = await runPipeline(server.client, 'missing');
  assert.equal(missing.steps[0]?.failure?.code, 'pipelines.output-missing');
  const greedy = await runPipeline(server.client, 'greedy');
  assert.deepEqual([greedy.state, greedy.steps[0]?.outputs['big']?.size], ['succeeded', 300_000_000], JSON.stringify(greedy.steps));
});

test('a step that is killed from outside is told so, and the server goes on', async () => {
  const { id } = await server.client.post<{ id: string }>(`${shop}/pipelines/hang/runs`);
  await new Promise((resolve) => setTimeout(resolve, 700));
  for (const { pid, leader, command } of instanceProcesses(home))
    if (leader && command.includes('echo begun')) process.kill(pid, 'SIGKILL');
  const { endOfRun } = await import('../testing/small-project.ts');
  const run = await endOfRun(server.client, id);
  assert.equal(run.state, 'failed');
  assert.match(run.steps[0]?.failure?.code ?? '', /step-signal|step-timed-out/);
});
