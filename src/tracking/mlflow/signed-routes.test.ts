import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { digestOf } from '#kernel/objects/index.ts';
import { type TrackingSetting, testTracking } from '../testing.ts';
import { testMlflow } from './testing.ts';

async function open({ tracking, start }: TrackingSetting) {
  const api = testMlflow(tracking.mlflow);
  const run = await start();
  return { api, run, root: `${run.experimentSequence}/${run.id}/artifacts` };
}

/** Path and query of an address that a client is to follow. */
const behind = (address: string) => address.slice(address.indexOf('/', 'http://'.length));

testTracking('a signed address opens one file one way for a time', async (setting) => {
  const { api, run, root } = await open(setting);
  await setting.tracking.putArtifact(run.id, 'dir/ü 1.bin', { content: 'weights' });
  const signed = await api.call('GET', `/api/2.0/mlflow-artifacts/presigned/${root}/dir/%C3%BC%201.bin`);
  assert.equal(signed.body.file_size, 7);
  const address = behind(signed.body.url);
  assert.match(address, /^\/projects\/flights\/artifacts\/signed\//);
  assert.equal((await api.raw('GET', address)).body.toString(), 'weights');
  const part = await api.raw('GET', address, { headers: { range: 'bytes=0-2' } });
  assert.deepEqual([part.status, part.body.toString()], [206, 'wei']);
  const tampered = [
    address.replace('1.bin', '2.bin'),
    address.replace('/flights/', '/other/'),
    address.replace(/expires=\d/, 'expires=9'),
    address.replace(/signature=./, 'signature='),
    address.replace(/\?.*/, ''),
    address.replace(/&signature=.*/, '&signature=%C3%BC'),
  ];
  for (const each of tampered) assert.equal((await api.raw('GET', each)).status, 403, each);
  assert.equal((await api.raw('PUT', address, { body: 'other' })).status, 403);
  setting.clock.advance(301_000);
  assert.equal((await api.raw('GET', address)).status, 403);
  assert.equal((await api.call('GET', `/api/2.0/mlflow-artifacts/presigned/${root}/none`)).status, 404);
});

testTracking('files of runs and models go up and down by signed addresses', async (setting) => {
  const { api, run } = await open(setting);
  const model = await setting.tracking.createLoggedModel(
    { actor: run.startedBy },
    { project: 'flights', experiment: { name: 'baseline' } },
  );
  for (const holder of [{ run_id: run.id }, { model_id: model.id }]) {
    const up = await api.call('POST', '/api/2.0/mlflow/artifacts/presigned-upload-url', { ...holder, path: 'a/b.bin', expiration: 60 });
    assert.equal((await api.raw('PUT', behind(up.body.presigned_url), { body: 'bytes' })).status, 200);
    const down = await api.call('POST', '/api/2.0/mlflow/artifacts/presigned-download-url', { ...holder, path: 'a/b.bin' });
    assert.equal(down.body.file_size, 5);
    assert.equal((await api.raw('GET', behind(down.body.presigned_url))).body.toString(), 'bytes');
  }
  assert.equal((await setting.tracking.artifact(run.id, 'a/b.bin')).size, 5);
  assert.equal((await setting.tracking.loggedModelFiles('flights', model.id))[0]?.name, 'a/b.bin');
  const wrong = [{ path: 'x' }, { run_id: run.id, model_id: model.id, path: 'x' }, { run_id: run.id, path: 'x', expiration: 901 }];
  for (const message of wrong) {
    assert.equal((await api.call('POST', '/api/2.0/mlflow/artifacts/presigned-upload-url', message)).status, 400);
  }
});

testTracking('an upload in parts becomes one file, also when completing is asked twice', async (setting) => {
  const { api, run, root } = await open(setting);
  const begin = () => api.call('POST', `/api/2.0/mlflow-artifacts/mpu/create/${root}/big`, { path: '/home/me/model.bin', num_parts: 3 });
  const { upload_id: upload, credentials } = (await begin()).body;
  assert.deepEqual(
    credentials.map(({ part_number: number }: { part_number: number }) => number),
    [1, 2, 3],
  );
  const contents = ['first ', 'second ', 'third'];
  const parts = await Promise.all(
    [...credentials].toReversed().map(async ({ url, part_number }) => {
      const content = Readable.from([Buffer.from(contents[part_number - 1] ?? '')]);
      const { status, headers } = await api.raw('PUT', behind(url), { body: content });
      assert.equal(status, 200);
      return { part_number, etag: headers['etag'], url };
    }),
  );
  const complete = (named: unknown, path = `${root}/big`) =>
    api.call('POST', `/api/2.0/mlflow-artifacts/mpu/complete/${path}`, { path: '/home/me/model.bin', upload_id: upload, parts: named });
  assert.equal((await complete(parts.slice(1))).status, 400);
  assert.equal((await complete(parts, `${root}/elsewhere`)).status, 400);
  assert.equal((await complete(parts.map((each) => ({ ...each, etag: 'f'.repeat(64) })))).status, 400);
  const replies = await Promise.all([complete(parts), complete(parts)]);
  assert.deepEqual(
    [...replies, await complete(parts)].map(({ status }) => status),
    [200, 200, 200],
  );
  const file = await setting.tracking.artifact(run.id, 'big/model.bin');
  assert.equal(file.digest, digestOf(contents.join('')));
  assert.deepEqual(readdirSync(join(setting.folder, 'objects', 'objects', 'tmp')), []);
  assert.equal((await api.raw('PUT', behind(credentials[0]?.url ?? ''), { body: 'late' })).status, 404);
});

testTracking('an upload in parts that is aborted or forgotten leaves nothing', async (setting) => {
  const { api, root, run } = await open(setting);
  const spool = join(setting.folder, 'objects', 'objects', 'tmp');
  const message = { path: 'x.bin', num_parts: 1 };
  const { body: aborted } = await api.call('POST', `/api/2.0/mlflow-artifacts/mpu/create/${root}`, message);
  const address = behind(aborted.credentials[0]?.url ?? '');
  await api.raw('PUT', address, { body: 'bytes' });
  const other = testMlflow(setting.tracking.mlflow, { project: 'other' });
  const abort = { path: 'x.bin', upload_id: aborted.upload_id };
  assert.equal((await other.call('POST', `/api/2.0/mlflow-artifacts/mpu/abort/${root}`, abort)).status, 400);
  assert.equal((await api.call('POST', `/api/2.0/mlflow-artifacts/mpu/abort/${root}`, abort)).status, 200);
  assert.equal((await api.call('POST', `/api/2.0/mlflow-artifacts/mpu/abort/${root}`, abort)).status, 200);
  assert.deepEqual(readdirSync(spool), []);
  await api.call('POST', `/api/2.0/mlflow-artifacts/mpu/create/${root}`, message);
  setting.clock.advance(25 * 60 * 60 * 1000);
  assert.equal(await setting.objects.uploads.sweep(), 1);
  assert.deepEqual(readdirSync(spool), []);
  for (const refused of [
    { path: '..', num_parts: 1 },
    { path: 'x', num_parts: 10_001 },
    { path: 'x', num_parts: -1 },
  ]) {
    assert.equal((await api.call('POST', `/api/2.0/mlflow-artifacts/mpu/create/${root}`, refused)).status, 400);
  }
  assert.deepEqual(await setting.tracking.artifacts(run.id), []);
});
