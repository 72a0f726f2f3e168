import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { digestOf } from '#kernel/objects/index.ts';
import { context, type TrackingSetting, testTracking } from '../testing.ts';
import { mlflowMediaType } from './media-type.ts';
import { testMlflow } from './testing.ts';

const proxy = '/api/2.0/mlflow-artifacts/artifacts';

async function open({ tracking, start }: TrackingSetting) {
  const api = testMlflow(tracking.mlflow);
  const run = await start();
  const root = `${run.experimentSequence}/${run.id}/artifacts`;
  const put = async (path: string, body: string | Readable = 'x') => api.raw('PUT', `${proxy}/${encodeURI(path)}`, { body });
  const list = async (path: string) => (await api.call('GET', `${proxy}?path=${encodeURIComponent(path)}`)).body;
  return { api, run, root, put, list };
}

testTracking('a file goes up and comes down through the proxy, whole, by range and as an attachment', async (setting) => {
  const { api, root, put, run } = await open(setting);
  assert.equal((await put(`${root}/plots/größe 100%.html`, '<b>ripen</b>')).status, 200);
  assert.equal((await setting.tracking.artifacts(run.id))[0]?.name, 'plots/größe 100%.html');
  const address = `${proxy}/${encodeURI(root)}/plots/gr%C3%B6%C3%9Fe%20100%25.html`;
  const whole = await api.raw('GET', address);
  assert.equal(whole.body.toString(), '<b>ripen</b>');
  assert.equal(whole.headers['content-length'], '12');
  assert.equal(whole.headers['content-type'], 'text/html');
  assert.equal(whole.headers['x-content-type-options'], 'nosniff');
  assert.match(whole.headers['content-disposition'] ?? '', /^attachment; filename\*=UTF-8''gr%C3%B6%C3%9Fe%20100%25\.html$/);
  assert.equal(whole.headers['etag'], `"${digestOf('<b>ripen</b>')}"`);
  const part = await api.raw('GET', address, { headers: { range: 'bytes=3-7' } });
  assert.deepEqual([part.status, part.body.toString(), part.headers['content-range']], [206, 'ripen', 'bytes 3-7/12']);
  const none = await api.raw('GET', address, { headers: { range: 'bytes=12-' } });
  assert.deepEqual([none.status, none.headers['content-range']], [416, 'bytes */12']);
  assert.equal((await api.raw('GET', address, { headers: { 'if-none-match': whole.headers['etag'] ?? '' } })).status, 304);
  const byRun = await api.raw('GET', `/get-artifact?run_uuid=${run.id}&path=plots/gr%C3%B6%C3%9Fe%20100%25.html`);
  assert.equal(byRun.body.toString(), '<b>ripen</b>');
  assert.equal((await api.call('GET', `${proxy}/${root}/none`)).status, 404);
});

testTracking('folders are listed by names within them through the proxy, by whole paths of a run', async (setting) => {
  const { api, root, put, list, run } = await open(setting);
  for (const name of ['a.txt', 'dir/b.txt', 'dir/deep/c.txt']) await put(`${root}/${name}`, name);
  assert.deepEqual(await list(root), {
    files: [
      { path: 'a.txt', is_dir: false, file_size: 5 },
      { path: 'dir', is_dir: true },
    ],
  });
  assert.deepEqual(await list(`${root}/dir/`), {
    files: [
      { path: 'b.txt', is_dir: false, file_size: 9 },
      { path: 'deep', is_dir: true },
    ],
  });
  for (const nothing of [`${root}/a.txt`, `${root}/none`, `7/${'0'.repeat(32)}/artifacts`, '7']) assert.deepEqual(await list(nothing), {});
  const { body } = await api.call('GET', `/api/2.0/mlflow/artifacts/list?run_id=${run.id}&path=dir`);
  assert.equal(body.root_uri, `mlflow-artifacts:/${root}`);
  assert.deepEqual(
    body.files.map(({ path }: { path: string }) => path),
    ['dir/b.txt', 'dir/deep'],
  );
  assert.deepEqual((await api.call('DELETE', `${proxy}/${root}/dir`)).body, {});
  assert.deepEqual((await api.call('DELETE', `${proxy}/${root}/dir`)).body, {});
  assert.deepEqual(
    (await setting.tracking.artifacts(run.id)).map(({ name }) => name),
    ['a.txt'],
  );
  assert.equal((await api.call('DELETE', `${proxy}/`)).status, 400);
});

testTracking('paths that lead elsewhere are refused by every route', async (setting) => {
  const { api, root, run } = await open(setting);
  for (const bad of ['..%2Fx', '%252e%252e/x', '%2Fetc/passwd', 'C:%5Cx', 'C:/x', 'a%5Cb', 'a/%2E%2E/b']) {
    const plain = decodeURIComponent(bad);
    const query = encodeURIComponent(plain);
    const replies = [
      await api.call('PUT', `${proxy}/${root}/${bad}`, {}),
      await api.call('GET', `${proxy}/${root}/${bad}`),
      await api.call('DELETE', `${proxy}/${root}/${bad}`),
      await api.call('GET', `${proxy}?path=${encodeURIComponent(`${root}/${plain}`)}`),
      await api.call('GET', `/api/2.0/mlflow/artifacts/list?run_id=${run.id}&path=${query}`),
      await api.call('GET', `/get-artifact?run_id=${run.id}&path=${query}`),
      await api.call('POST', `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${run.id}&path=${query}`, {}),
      await api.call('GET', `/api/2.0/mlflow-artifacts/presigned/${root}/${bad}`),
      await api.call('POST', `/api/2.0/mlflow/artifacts/presigned-upload-url`, { run_id: run.id, path: plain }),
    ];
    for (const { status, body } of replies) {
      assert.equal(status, 400, bad);
      assert.match(body.message, /^Invalid path/);
    }
  }
  assert.deepEqual(await setting.tracking.artifacts(run.id), []);
});

testTracking('another project sees and changes nothing, and a run that does not exist takes nothing', async (setting) => {
  const { api, root, put, run } = await open(setting);
  await put(`${root}/secret.txt`);
  const other = testMlflow(setting.tracking.mlflow, { project: 'other' });
  assert.equal((await other.call('GET', `${proxy}/${root}/secret.txt`)).status, 404);
  assert.equal((await other.call('PUT', `${proxy}/${root}/secret.txt`, {})).status, 404);
  assert.deepEqual((await other.call('DELETE', `${proxy}/${root}/secret.txt`)).body, {});
  assert.deepEqual((await other.call('GET', `${proxy}?path=${root}`)).body, {});
  assert.equal((await other.call('GET', `/get-artifact?run_id=${run.id}&path=secret.txt`)).status, 404);
  assert.equal((await setting.tracking.artifacts(run.id)).length, 1);
  assert.equal((await api.call('PUT', `${proxy}/1/${'f'.repeat(32)}/artifacts/x`, {})).status, 404);
  await setting.tracking.deleteRun(context, run.id);
  const late = await api.call('PUT', `${proxy}/${root}/late.txt`, {});
  assert.deepEqual([late.status, late.body.error_code], [400, 'INVALID_PARAMETER_VALUE']);
});

testTracking('an experiment may keep its files in a folder of its own, where other files lie loose', async (setting) => {
  const { api, put, list } = await open(setting);
  await put('shared/place/notes.txt', 'loose');
  const { body } = await api.call('POST', '/api/2.0/mlflow/experiments/create', {
    name: 'own',
    artifact_location: 'mlflow-artifacts:/shared/place',
  });
  const { body: created } = await api.call('POST', '/api/2.0/mlflow/runs/create', { experiment_id: body.experiment_id });
  const { artifact_uri: uri, run_id: id } = created.run.info;
  assert.equal(uri, `mlflow-artifacts:/shared/place/${id}/artifacts`);
  await put(`shared/place/${id}/artifacts/a.txt`, 'of the run');
  assert.equal((await setting.tracking.artifact(id, 'a.txt')).size, 10);
  assert.deepEqual(await list('shared/place'), { files: [{ path: 'notes.txt', is_dir: false, file_size: 5 }] });
  await put('7/traces/tr-1/artifacts/traces.json', '{}');
  assert.equal((await api.raw('GET', `${proxy}/7/traces/tr-1/artifacts/traces.json`)).body.toString(), '{}');
  const traceFiles = await setting.tracking.files({ holder: { kind: 'trace', project: 'flights', trace: 'tr-1' }, name: '' });
  assert.equal(traceFiles[0]?.name, 'traces.json');
});

testTracking('an upload that breaks off leaves nothing, and what was there stays', async (setting) => {
  const { api, root, put, run } = await open(setting);
  await put(`${root}/model.bin`, 'old');
  const lost = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  const half = () =>
    new Readable({
      read() {
        this.push(Buffer.alloc(100_000));
        this.destroy(lost);
      },
    });
  for (const name of ['model.bin', 'new.bin'])
    await assert.rejects(async () => api.call('GET', (await put(`${root}/${name}`, half())).body.toString()));
  const kept = await setting.tracking.artifacts(run.id);
  assert.deepEqual(
    kept.map(({ name, size }) => [name, size]),
    [['model.bin', 3]],
  );
  assert.deepEqual(readdirSync(join(setting.folder, 'objects', 'objects', 'tmp')), []);
});

testTracking('many files of a new folder at once, and one file many times at once', async (setting) => {
  const { root, put, run } = await open(setting);
  await Promise.all(Array.from({ length: 20 }, (_, index) => put(`${root}/new/deep/${index}.txt`, `file ${index}`)));
  await Promise.all(Array.from({ length: 20 }, (_, index) => put(`${root}/same.txt`, `version ${index}`)));
  const files = await setting.tracking.artifacts(run.id);
  assert.equal(files.length, 21);
  const same = files.find(({ name }) => name === 'same.txt');
  assert.match((await setting.objects.read(digestOf(`version ${same?.size === 9 ? 0 : 10}`))).toString(), /^version/);
});

testTracking('a small file goes up by run as the old page sends it', async (setting) => {
  const { api, run } = await open(setting);
  const address = '/ajax-api/2.0/mlflow/upload-artifact';
  assert.deepEqual((await api.raw('POST', `${address}?run_uuid=${run.id}&path=up/x.txt`, { body: 'hello' })).status, 200);
  assert.equal((await setting.tracking.artifact(run.id, 'up/x.txt')).size, 5);
  const refusals: readonly [string, string | Buffer, RegExp][] = [
    [`?path=x`, 'x', /must specify run_uuid/],
    [`?run_uuid=${run.id}`, 'x', /must specify path/],
    [`?run_uuid=${run.id}&path=x`, '', /must specify data/],
  ];
  for (const [query, body, message] of refusals) {
    const reply = await api.raw('POST', `${address}${query}`, { body });
    assert.equal(reply.status, 400);
    assert.match(reply.body.toString(), message);
  }
  const large = await api.raw('POST', `${address}?run_uuid=${run.id}&path=x`, { body: 'x', headers: { 'content-length': '10485761' } });
  assert.match(large.body.toString(), /too large/);
});

testTracking('content types go by the name alone', async () => {
  const types: Readonly<Record<string, string>> = {
    'a.txt': 'text/plain',
    'x/MLmodel': 'text/plain',
    MLproject: 'text/plain',
    'a.py': 'text/plain',
    'a.json': 'text/plain',
    'a.js': 'text/plain',
    'a.csv': 'text/plain',
    'a.b.yaml': 'text/plain',
    'a.html': 'text/html',
    'a.PNG': 'image/png',
    'a.svg': 'image/svg+xml',
    'a.pkl': 'application/octet-stream',
    '.txt': 'application/octet-stream',
    noextension: 'application/octet-stream',
  };
  for (const [name, type] of Object.entries(types)) assert.equal(mlflowMediaType(name), type, name);
});
