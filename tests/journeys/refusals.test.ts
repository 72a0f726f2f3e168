import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { instanceProcesses } from '../testing/instance-processes.ts';
import { cleanEnvironment, launch, ripen, ripenJson } from '../testing/launch.ts';
import { installedNode } from '../testing/nodes.ts';
import { temporaryFolder } from '../testing/temporary.ts';

// What Ripen will not do, and how it says so.

const without = (answer: { stdout: string; stderr: string }): string => answer.stdout + answer.stderr;

test('the launcher works under the Node that is installed and under the pinned one', async () => {
  const home = temporaryFolder();
  for (const node of new Set([installedNode, process.execPath])) {
    const { code, stdout } = await ripen(['--version'], { home, node });
    assert.deepEqual([code, stdout], [0, '0.1.0\n'], node);
    const refused = await ripen(['frobnicate'], { home, node });
    assert.equal(refused.code, 2, `the exit status comes through ${node}`);
  }
});

test('a port that is taken is named, and the free one beside it', async (t) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  t.after(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const home = temporaryFolder();
  const answer = await ripen(['up'], { home, environment: { RIPEN_PORT: String(port) } });
  assert.equal(answer.code, 4, without(answer));
  assert.match(
    answer.stderr,
    new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is already in use[\\s\\S]*RIPEN_PORT=${port + 1}[\\s\\S]*http\\.port-taken`),
  );
  assert.deepEqual(instanceProcesses(home), []);
});

test('a second server in one home is refused, and the first goes on', async (t) => {
  const home = temporaryFolder();
  const first = await launch({ home });
  t.after(() => first.stop());
  const second = await ripen(['up'], { home });
  assert.equal(second.code, 4, without(second));
  assert.match(second.stderr, /Another Ripen server already works in [\s\S]*RIPEN_HOME[\s\S]*database\.home-in-use/);
  assert.equal((await fetch(`${first.address}/readyz`)).status, 200);
  const ended = await first.stop();
  assert.equal(ended.code, 0);
  const next = await launch({ home });
  assert.equal((await next.stop()).code, 0, 'after the first has ended the home is free');
});

test('a setting that does not exist or has a wrong value names the nearest right one', async () => {
  const home = temporaryFolder();
  const unknown = await ripen(['up'], { home, environment: { RIPEN_PROT: '1' } });
  assert.deepEqual([unknown.code, /RIPEN_PROT[\s\S]*Did you mean "RIPEN_PORT"/.test(unknown.stderr)], [2, true], without(unknown));
  const wrong = await ripen(['up'], { home, environment: { RIPEN_LOG_LEVEL: 'wran' } });
  assert.deepEqual([wrong.code, /log\.level[\s\S]*Did you mean "warn"/.test(wrong.stderr)], [2, true], without(wrong));
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'config.yaml'), 'prt: 1\n');
  const inFile = await ripen(['up'], { home });
  assert.deepEqual([inFile.code, /config\.yaml[\s\S]*Did you mean "port"/.test(inFile.stderr)], [2, true], without(inFile));
  writeFileSync(join(home, 'config.yaml'), 'log: { level: warn }\n');
  const settings = await ripenJson<{ key: string; value: string; origin: string }[]>(['config'], { home });
  const level = settings.find(({ key }) => key === 'log.level');
  assert.deepEqual([level?.value, level?.origin], ['warn', `file ${join(home, 'config.yaml')}`]);
  assert.match(settings.find(({ key }) => key === 'port')?.origin ?? '', /^environment RIPEN_PORT$/);
});

test('listening where others can reach it is refused without authentication', async () => {
  const home = temporaryFolder();
  for (const host of ['0.0.0.0', '::', '192.0.2.1']) {
    const answer = await ripen(['up'], { home, environment: { RIPEN_HOST: host } });
    assert.deepEqual([answer.code, /RIPEN_AUTH=tokens/.test(answer.stderr)], [5, true], `${host}: ${without(answer)}`);
  }
});

test('with tokens every request needs one, a read token reads only, and a revoked one opens nothing', async (t) => {
  const home = temporaryFolder();
  const environment = { RIPEN_AUTH: 'tokens' };
  const { secret } = await ripenJson<{ secret: string }>(['token', 'create', 'first'], { home, environment });
  const server = await launch({ home, environment });
  t.after(() => server.stop());
  const ask = async (method: string, path: string, token?: string): Promise<number> => {
    const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
    return (await fetch(server.address + path, { method, headers, ...(method === 'POST' ? { body: '{"name":"shop"}' } : {}) })).status;
  };
  assert.equal(await ask('GET', '/healthz'), 200, 'who watches the machine needs no token');
  assert.equal(await ask('GET', '/api/v1/projects'), 401);
  assert.equal(await ask('POST', '/api/v1/projects'), 401);
  assert.equal(await ask('GET', '/api/v1/projects', 'ripen_wrong'), 401);
  assert.equal(await ask('GET', '/api/v1/projects', secret), 200);
  assert.equal(await ask('POST', '/api/v1/projects', secret), 201);
  const anonymous = await ripen(['runs', 'list', '-p', 'shop'], { home, environment });
  assert.equal(anonymous.code, 5, without(anonymous));
  const noOwner = await ripen(['token', 'create', 'another'], { home, environment: { ...environment, RIPEN_TOKEN: secret } });
  assert.deepEqual([noOwner.code, /policy\.not-allowed/.test(noOwner.stderr)], [5, true], 'a token makes no tokens');
  const reader = await ripenJson<{ secret: string; id: string }>(['token', 'create', 'reader', '--scope', 'read'], { home, environment });
  assert.equal(await ask('GET', '/api/v1/projects', reader.secret), 200);
  assert.equal(await ask('POST', '/api/v1/projects', reader.secret), 403);
  assert.equal((await ripen(['token', 'revoke', reader.id], { home, environment })).code, 0);
  assert.equal(await ask('GET', '/api/v1/projects', reader.secret), 401);
});

test('pages of other sites and other host names get no answer', async (t) => {
  const server = await launch({ home: temporaryFolder() });
  t.after(() => server.stop());
  const { request } = await import('node:http');
  const status = (headers: Record<string, string>, method = 'GET'): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const call = request(`${server.address}/api/v1/projects`, { method, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.on('error', reject).end(method === 'POST' ? '{"name":"evil"}' : undefined);
    });
  assert.equal(await status({}), 200);
  assert.equal(await status({ host: 'evil.example' }), 403);
  assert.equal(await status({ origin: 'https://evil.example', 'content-type': 'application/json' }, 'POST'), 403);
});

test('a home that cannot be written is refused with its name', async (t) => {
  const root = temporaryFolder();
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  const inFile = await ripen(['up'], { home: join(file, 'home') });
  assert.notEqual(inFile.code, 0);
  assert.ok(inFile.stderr.includes(join(file, 'home')), without(inFile));
  assert.doesNotMatch(inFile.stderr, /\n\s+at /, 'words, not a stack');
  const readOnly = join(root, 'read-only');
  mkdirSync(readOnly);
  chmodSync(readOnly, 0o500);
  const user = unprivileged();
  if (user === undefined) return t.diagnostic('SKIPPED: the half with a read-only folder needs a user that is not root');
  const answer = await ripen(['up'], { home: join(readOnly, 'home') });
  assert.notEqual(answer.code, 0);
  assert.match(answer.stderr, /EACCES|not writable|cannot be written/);
});

/** Root may write everywhere. */
const unprivileged = (): number | undefined => (process.getuid?.() === 0 ? undefined : process.getuid?.());

test('commands without a server say so, and how to start one', async () => {
  const home = temporaryFolder();
  const answer = await ripen(['runs', 'list', '-p', 'shop', '--json'], { home, environment: { RIPEN_URL: 'http://127.0.0.1:9' } });
  assert.equal(answer.code, 7, without(answer));
  const { error } = JSON.parse(answer.stderr) as { error: { code: string; hint: string } };
  assert.equal(error.code, 'cli.no-server');
  assert.match(error.hint, /ripen up/);
});

test('the environment of the tests carries no setting of Ripen into the servers', () => {
  assert.deepEqual(
    Object.keys(cleanEnvironment()).filter((name) => name.startsWith('RIPEN_')),
    [],
  );
});
