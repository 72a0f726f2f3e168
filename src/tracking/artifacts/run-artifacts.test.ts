import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTracking } from '../tracking.ts';
import { context, projects, testTracking, type TrackingSetting } from '../testing.ts';
import type { ArtifactWire, FolderEntryWire } from '../wire.ts';

const artifactsOf = (run: string) => `/api/v1/projects/flights/runs/${run}/artifacts`;

async function upload({ api }: TrackingSetting, run: string, name: string, body: string | ReadableStream<Uint8Array>): Promise<Response> {
  const init: RequestInit = { method: 'PUT', body };
  return api.request(`${artifactsOf(run)}/${encodeURIComponent(name)}`, typeof body !== 'string' ? { ...init, duplex: 'half' } : init);
}

testTracking('an upload is streamed in and comes back whole, by range, or not at all when it is known', async (setting) => {
  const { api, start } = setting;
  const run = await start();
  const chunk = Buffer.alloc(256 * 1024, 'ripen');
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ < 12) controller.enqueue(chunk);
      else controller.close();
    },
  });
  const stored = (await (await upload(setting, run.id, 'plots/größe 100%.png', body)).json()) as ArtifactWire;
  assert.equal(stored.name, 'plots/größe 100%.png');
  assert.equal(stored.size, 12 * chunk.length);
  assert.equal(stored.mediaType, 'image/png');
  const address = `${artifactsOf(run.id)}/${encodeURIComponent(stored.name)}`;
  const get = (headers: Record<string, string>, query = '') => api.request(address + query, { headers });
  const whole = await get({});
  assert.equal((await whole.arrayBuffer()).byteLength, stored.size);
  assert.equal(whole.headers.get('content-length'), String(stored.size));
  assert.match(whole.headers.get('content-security-policy') ?? '', /sandbox/);
  assert.match(whole.headers.get('content-disposition') ?? '', /^inline; filename\*=UTF-8''gr%C3%B6%C3%9Fe%20100%25\.png$/);
  assert.match((await get({}, '?download=true')).headers.get('content-disposition') ?? '', /^attachment/);
  const ranges: Readonly<Record<string, readonly [number, string]>> = {
    'bytes=1-4': [206, 'ipen'],
    'bytes=-3': [206, 'pen'.slice(-3)],
    [`bytes=${stored.size - 1}-`]: [206, ''],
    [`bytes=${stored.size}-`]: [416, ''],
    'bytes=5-2': [200, ''],
    'bytes=0-1,3-4': [200, ''],
    'lines=1-2': [200, ''],
  };
  for (const [range, [status, text]] of Object.entries(ranges)) {
    const response = await get({ range });
    assert.equal(response.status, status, range);
    const content = Buffer.from(await response.arrayBuffer());
    if (range === 'bytes=1-4') assert.equal(content.toString(), text);
    if (status === 206) assert.equal(content.length, Number(response.headers.get('content-length')));
  }
  assert.equal((await get({ 'if-none-match': `"${stored.digest}"` })).status, 304);
  const stale = await get({ range: 'bytes=1-4', 'if-range': '"other"' });
  assert.equal(stale.status, 200);
  const head = await api.request(address, { method: 'HEAD' });
  assert.equal(head.headers.get('content-length'), String(stored.size));
});

testTracking('names that lead out of the run are refused', async (setting) => {
  const { start, api, tracking } = setting;
  const run = await start();
  for (const name of ['../x', '/etc/passwd', 'a//b', 'a/./b', 'a/../b', 'a\\..\\b', 'a\nb', `${'x'.repeat(999)}ü`, 'a/']) {
    await assert.rejects(tracking.putArtifact(run.id, name, { content: 'x' }), { code: 'tracking.name-invalid' }, name);
  }
  const refused = await upload(setting, run.id, '../../secret', 'x');
  assert.equal(refused.status, 400);
  await api.call('GET', `${artifactsOf(run.id)}?folder=${encodeURIComponent('../..')}`, undefined, { status: 400 });
});

testTracking('folders are listed one level at a time, page by page', async (setting) => {
  const { tracking, start, api } = setting;
  const run = await start();
  const names = ['README', 'a.txt', 'plots/1.png', 'plots/2.png', 'plots/deep/er.png', 'plots0', 'plots.json', 'übung/日本.csv'];
  for (const name of names) await tracking.putArtifact(run.id, name, { content: `of ${name}` });
  const list = async (query: string) => api.call<{ items: FolderEntryWire[]; next?: string }>('GET', `${artifactsOf(run.id)}?${query}`);
  const top = await list('');
  assert.deepEqual(
    top.items.map(({ name, kind, files }) => `${name} ${kind} ${files}`),
    ['README file 1', 'a.txt file 1', 'plots.json file 1', 'plots folder 3', 'plots0 file 1', 'übung folder 1'],
  );
  assert.equal(
    top.items[3]?.size,
    names.filter((name) => name.startsWith('plots/')).reduce((sum, name) => sum + `of ${name}`.length, 0),
  );
  assert.deepEqual(
    (await list('folder=plots')).items.map(({ name, kind }) => `${name} ${kind}`),
    ['1.png file', '2.png file', 'deep folder'],
  );
  assert.equal((await list(`folder=${encodeURIComponent('übung')}`)).items[0]?.name, '日本.csv');
  assert.deepEqual((await list('folder=nowhere')).items, []);
  const paged: string[] = [];
  let after: string | undefined;
  do {
    const page = await list(`limit=2${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`);
    paged.push(...page.items.map(({ name }) => name));
    after = page.next;
  } while (after !== undefined);
  assert.deepEqual(
    paged,
    top.items.map(({ name }) => name),
  );
  await tracking.deleteArtifact(context, run.id, 'plots');
  assert.deepEqual(
    (await tracking.artifacts(run.id)).map(({ name }) => name),
    ['README', 'a.txt', 'plots.json', 'plots0', 'übung/日本.csv'],
  );
  await assert.rejects(tracking.deleteArtifact(context, run.id, 'plots'), { code: 'tracking.artifact-not-found' });
});

testTracking('a name is a file or a folder, not both', async ({ tracking, start }) => {
  const run = await start();
  for (const name of ['a/b/c', 'a/b0', 'file']) await tracking.putArtifact(run.id, name, { content: name });
  for (const name of ['a', 'a/b', 'a/b/c/d', 'file/x']) {
    await assert.rejects(tracking.putArtifact(run.id, name, { content: 'x' }), { code: 'tracking.artifact-in-the-way' }, name);
  }
  await tracking.putArtifact(run.id, 'a/b/c', { content: 'again' });
  assert.deepEqual(
    (await tracking.artifacts(run.id)).map(({ name }) => name),
    ['a/b/c', 'a/b0', 'file'],
  );
});

testTracking('files, stored blobs and texts become artifacts; the newest content counts', async ({ tracking, start, objects, folder }) => {
  const run = await start();
  writeFileSync(join(folder, 'curve.json'), '{"a":1}');
  const first = await tracking.putArtifact(run.id, 'curve.json', { path: join(folder, 'curve.json') });
  const { digest } = await objects.put('{"a":2}');
  const second = await tracking.putArtifact(run.id, 'curve.json', { digest });
  assert.notEqual(first.digest, second.digest);
  assert.equal((await tracking.artifact(run.id, 'curve.json')).digest, digest);
  for (const missing of [`sha256:${'0'.repeat(64)}`, 'md5:1', '../x']) {
    await assert.rejects(tracking.putArtifact(run.id, 'x', { digest: missing }), { code: 'tracking.artifact-blob-missing' });
  }
  await assert.rejects(tracking.artifact(run.id, 'none'), { code: 'tracking.artifact-not-found' });
  await tracking.deleteRun(context, run.id);
  await assert.rejects(tracking.putArtifact(run.id, 'late', { content: 'x' }), { code: 'tracking.run-deleted' });
});

testTracking('a crash between blob and row leaves no name without its bytes, and the upload can be sent again', async (setting) => {
  const { start, clock, ids, events, objects } = setting;
  const run = await start();
  const crash = new Error('killed');
  const dying = {
    ...objects,
    put: async (content: Parameters<typeof objects.put>[0]) => objects.put(content).then(() => Promise.reject(crash)),
  };
  const broken = createTracking({ kernel: { clock, ids, events, objects: dying }, identity: projects });
  await assert.rejects(broken.putArtifact(run.id, 'model.bin', { content: 'weights' }), crash);
  assert.deepEqual(await setting.tracking.artifacts(run.id), []);
  const stored = await setting.tracking.putArtifact(run.id, 'model.bin', { content: 'weights' });
  assert.equal((await objects.read(stored.digest)).toString(), 'weights');
});

testTracking('an upload that is cut off in the middle leaves nothing', async (setting) => {
  const { start, tracking } = setting;
  const run = await start();
  const cut = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(Buffer.from('half'));
    },
    pull(controller) {
      controller.error(new Error('connection lost'));
    },
  });
  const response = await upload(setting, run.id, 'half.bin', cut);
  assert.ok(response.status >= 400);
  assert.deepEqual(await tracking.artifacts(run.id), []);
});
