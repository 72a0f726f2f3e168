import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, existsSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type TestCli, withCli } from '#cli/testing.ts';

const composition = () => import('../src/app.ts');
const program = join(import.meta.dirname, '../bin/ripen.mjs');

async function makeProject({ home }: TestCli, name: string): Promise<void> {
  const { address } = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { address: string };
  const body = JSON.stringify({ name });
  const response = await fetch(`${address}/api/v1/projects`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  assert.equal(response.status, 201);
}

test('a working server is backed up through the API, and the backup becomes another home', async () => {
  await withCli(composition, async (cli) => {
    const { run, json, directory } = cli;
    assert.equal((await run('backup', 'early')).code, 3);
    const server = await cli.start();
    await makeProject(cli, 'pears');
    const made = await run('backup', 'copy');
    assert.equal(made.code, 0, made.err);
    assert.match(made.out, /✔ Backup .*files, .*\n\/.*copy holds everything up to event \d+; root [0-9a-f]{64}\.\n$/);
    assert.equal((await run('backup', 'copy')).code, 4);
    assert.match((await run('events', 'list', '--type', 'backup.')).out, /backup\.created/);
    assert.equal((await run('restore', 'copy')).code, 4);
    await server.stop();
    const offline = await json<{ events: { size: number; root: string } }>('backup', 'offline');
    const restored = spawnSync(process.execPath, [program, 'restore', 'offline', '--json'], {
      cwd: directory,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], RIPEN_HOME: 'second' },
    });
    assert.equal(restored.status, 0, restored.stderr);
    assert.deepEqual((JSON.parse(restored.stdout) as { events: object }).events, offline.events);
    assert.ok(existsSync(join(directory, 'second/ripen.db')));
    assert.equal((await run('restore', 'nothing')).code, 2);
  });
});

test('a home without a server is never mistaken for another one whose server listens on the same port', async () => {
  await withCli(composition, async (cli) => {
    const server = await cli.start();
    await makeProject(cli, 'pears');
    const { port } = new URL(server.address);
    await withCli(
      composition,
      async (other) => {
        assert.match((await other.run('data', 'list')).out, /There are no datasets/, 'the port answers');
        await other.json('token', 'create', 'own');
        const { events } = await other.json<{ events: { size: number } }>('backup', join(cli.directory, 'backup'));
        assert.equal(events.size, 1);
      },
      { environment: { RIPEN_PORT: port } },
    );
  });
});

test('doctor finds a changed blob and a changed event, beside the server and without it', async () => {
  await withCli(composition, async (cli) => {
    const { run, json } = cli;
    const server = await cli.start();
    await makeProject(cli, 'pears');
    const well = await run('doctor');
    assert.equal(well.code, 0, well.out);
    assert.match(well.out, /^ok {7}Node 26.*\n/);
    assert.match(well.out, /A server works in this home and is ready/);
    assert.match(well.out, /No fault was found\.\n$/);
    await server.stop();

    const database = join(cli.home, 'ripen.db');
    const content = readFileSync(database);
    const places: number[] = [];
    // Pages that were split keep old copies of their rows in the free space.
    for (let at = content.indexOf('"title":"Pears"'); at >= 0; at = content.indexOf('"title":"Pears"', at + 1)) places.push(at + 10);
    assert.ok(places.length > 0);
    for (const place of places) flip(database, place);
    const found = await run('doctor', '--json');
    assert.equal(found.code, 1);
    const { ok, findings } = JSON.parse(found.out) as { ok: boolean; findings: { check: string; state: string; message: string }[] };
    assert.equal(ok, false);
    assert.deepEqual(
      findings.filter(({ state }) => state === 'fault').map(({ check, message }) => [check, message]),
      [['events', 'Event 1 (project.created) was changed after it was written.']],
    );
    await cli.start();
    const verified = await run('events', 'verify');
    assert.equal(verified.code, 1);
    assert.match(verified.out, /^THE EVENT LOG WAS CHANGED: .*\n {2}Event 1 \(project\.created\) was changed after it was written\.\n$/);
    assert.equal((await json<{ size: number }>('events', 'list')).size > 0, true);
  });
});

test('a blob with a changed byte is found by doctor', async () => {
  await withCli(composition, async (cli) => {
    await cli.start();
    // Readiness puts an empty blob; a backup of the contract of a load puts others. Any file below objects/ will do.
    const { address } = JSON.parse(readFileSync(join(cli.home, 'server.json'), 'utf8')) as { address: string };
    await makeProject(cli, 'pears');
    const path = `${address}/api/v1/projects/pears/datasets/pears`;
    await fetch(`${path}/contracts`, { method: 'POST', body: 'columns:\n  name: { type: string }\n' });
    const objects = join(cli.home, 'objects');
    const files = readdirSync(objects, { recursive: true, encoding: 'utf8' }).filter((name) => /[0-9a-f]{64}$/.test(name));
    const blob = files.find((name) => readFileSync(join(objects, name)).length > 0) ?? assert.fail('no blob');
    flip(join(objects, blob), 0);
    const { code, out } = await cli.run('doctor', '--quick');
    assert.equal(code, 1);
    assert.match(out, new RegExp(`^fault {4}1 of \\d+ blobs were changed on the disk: sha256:${blob.slice(-64)}`, 'm'));
  });
});

test('the first token is made on the server’s machine, opens the API, and can be revoked', async () => {
  await withCli(
    composition,
    async (cli) => {
      assert.equal((await cli.run('token', 'list')).code, 3);
      assert.equal((await cli.run('token', 'create', 'early')).code, 0);
      await cli.start();
      assert.equal((await cli.run('events', 'list')).code, 5);
      const made = await cli.json<{ id: string; secret: string; scope: string }>(
        'token',
        'create',
        'laptop',
        '--scope',
        'read',
        '--days',
        '1',
      );
      assert.deepEqual([made.scope, made.secret.startsWith('ripen_')], ['read', true]);
      const { address } = JSON.parse(readFileSync(join(cli.home, 'server.json'), 'utf8')) as { address: string };
      const call = (method: string, path: string) =>
        fetch(address + path, { method, headers: { authorization: `Bearer ${made.secret}` } }).then(({ status }) => status);
      assert.equal(await call('GET', '/api/v1/events'), 200);
      assert.equal(await call('POST', '/api/v1/events/verify'), 403);
      assert.match((await cli.run('token', 'list')).out, /laptop +read/);
      assert.equal((await cli.run('token', 'revoke', made.id)).code, 0);
      assert.equal(await call('GET', '/api/v1/events'), 401);
      assert.equal((await cli.run('token', 'revoke', made.id)).code, 3);
      assert.equal((await cli.run('token', 'create', 'x', '--scope', 'all')).code, 2);
    },
    { environment: { RIPEN_AUTH: 'tokens' } },
  );
});

test('an interrupt ends a tracked command with everything it started, and the run is told as killed', async () => {
  await withCli(composition, async (cli) => {
    const server = await cli.start();
    await makeProject(cli, 'pears');
    const child = spawn(process.execPath, [program, 'run', '--experiment', 'sleep', '--', '/bin/sh', '-c', 'echo asleep; sleep 60'], {
      cwd: cli.directory,
      env: { PATH: process.env['PATH'], RIPEN_URL: server.address },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [143, null]);
    const { items } = await cli.json<{ items: { state: string; finishedAt?: number }[] }>('runs', 'list');
    assert.deepEqual([items.length, items[0]?.state], [1, 'killed']);
  });
});

test('the program itself: status, streams, and a help that comes at once', async () => {
  const ripen = (...words: string[]) => spawnSync(process.execPath, [program, ...words], { encoding: 'utf8' });
  const wrong = ripen('dta', '--json');
  assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
  assert.equal((JSON.parse(wrong.stderr) as { error: { hint: string } }).error.hint, 'Did you mean data?');
  const script = `
    const { registerHooks } = await import('node:module');
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    process.argv[2] = '--help';
    await import(${JSON.stringify(join(import.meta.dirname, '../src/main.ts'))});
    process.stderr.write(loaded.join('\\n'));`;
  const helped = spawnSync(process.execPath, ['--input-type=module', '--eval', script, 'ripen'], { encoding: 'utf8' });
  assert.match(helped.stdout, /^Usage: ripen/);
  // What is not loaded costs no time; the clock of a busy machine would tell less.
  assert.doesNotMatch(helped.stderr, /zod|hono|kysely|pino|cli\/commands/);
  assert.ok(helped.stderr.split('\n').length < 30, helped.stderr);
});

function flip(file: string, offset: number): void {
  const byte = readFileSync(file)[offset] ?? assert.fail(`${file} is shorter`);
  chmodSync(file, 0o644);
  const handle = openSync(file, 'r+');
  writeSync(handle, Uint8Array.of(byte ^ 1), 0, 1, offset);
  closeSync(handle);
}
