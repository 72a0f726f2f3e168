import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Service, type ServiceLogLine, spawnService } from './service.ts';

const file = fileURLToPath(new URL('testing/service-child.ts', import.meta.url));

function start(lines: ServiceLogLine[]): Service {
  const env = { PATH: process.env['PATH'] ?? '' };
  return spawnService({ name: 'echo', file, cwd: tmpdir(), env, owner: 'test', graceMs: 2000, onLog: (line) => void lines.push(line) });
}

test('a service tells that it is ready, answers messages, logs lines and stops', async () => {
  const lines: ServiceLogLine[] = [];
  const service = start(lines);
  assert.equal(await service.nextMessage((message) => message === 'ready'), 'ready');
  const answer = service.nextMessage(() => true);
  await service.send({ text: 'ü', bytes: new Uint8Array([1, 2]) });
  assert.deepEqual(await answer, { echo: { text: 'ü', bytes: new Uint8Array([1, 2]) } });
  const exit = await service.stop('the test is over');
  assert.deepEqual([exit.signal, exit.reason], ['SIGTERM', 'stopped']);
  const ready = lines.find((line) => line.stream === 'stdout');
  assert.deepEqual(ready?.record, { level: 30, msg: 'ready', pid: service.pid });
  const plain = lines.find((line) => line.stream === 'stderr');
  assert.deepEqual(plain, { stream: 'stderr', text: '{ not json', record: undefined });
});

test('the crash of a service is told, and messages to it fail', async () => {
  const service = start([]);
  await service.nextMessage((message) => message === 'ready');
  const never = service.nextMessage(() => false);
  await service.send('crash');
  assert.equal((await service.exited).code, 7);
  assert.equal(await never, undefined);
  assert.equal(await service.nextMessage(() => true), undefined);
  await assert.rejects(service.send({}), { code: 'kernel.process-gone' });
});
