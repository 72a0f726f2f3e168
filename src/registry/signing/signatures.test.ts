import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { hexOf } from '#kernel/objects/index.ts';
import { testRegistry } from '../testing.ts';
import { openBundle, publicPemOf, signManifest } from './bundle.ts';
import { manifestOf } from './manifest.ts';
import { verifyDirectory } from './verify-directory.ts';
import type { SignatureVerificationWire, SigningKeyWire } from './wire.ts';

const base = '/api/v1/projects/flights/models/delay/versions/1';

testRegistry('a version is signed in the change that registers it', async ({ register, events, api, folder }) => {
  const version = await register(1, { 'evaluation.json': '{"metrics":{"auc":0.9}}', 'code/train.py': 'pass' });
  const types = (await events.find({ types: ['model.version.'] })).map(({ type, number }) => [type, number] as const);
  assert.deepEqual(
    types.map(([type]) => type),
    ['model.version.registered', 'model.version.signed'],
  );
  const state = await api.call<SignatureVerificationWire>('GET', `${base}/signature`);
  assert.deepEqual([state.state, state.bytes, state.problems], ['valid', false, []]);
  assert.deepEqual(state.files, [{ name: 'code/train.py' }, { name: 'evaluation.json' }, { name: 'model.onnx' }]);
  const full = await api.call<SignatureVerificationWire>('POST', `${base}/signature/verify`);
  assert.deepEqual([full.state, full.bytes], ['valid', true]);
  const response = await api.request(`${base}/model.sig`);
  assert.match(response.headers.get('content-disposition') ?? '', /model\.sig/);
  const bundle = await response.text();
  const pem = await (await api.request('/api/v1/signing-keys/current')).text();
  const manifest = openBundle(bundle, pem);
  assert.equal(manifest.name, 'delay-1');
  assert.deepEqual(
    manifest.files,
    version.files.map(({ name, digest }) => ({ name, digest: hexOf(digest) })),
  );
  const directory = join(folder, 'downloaded');
  for (const { name, digest } of version.files) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    const bytes = await (await api.request(`${base}/files/${encodeURIComponent(name)}`)).arrayBuffer();
    assert.ok(digest.startsWith('sha256:'));
    writeFileSync(join(directory, name), new Uint8Array(bytes));
  }
  assert.deepEqual((await verifyDirectory(directory, { bundle, publicPem: pem, signatureName: 'model.sig' })).problems, []);
});

testRegistry('bytes that changed on the disk are found, and the file is named', async ({ register, objects, api }) => {
  const version = await register(1, { 'notes.txt': 'as it was' });
  const notes = version.files.find(({ name }) => name === 'notes.txt') ?? assert.fail();
  const path = await objects.path(notes.digest);
  chmodSync(path, 0o644);
  writeFileSync(path, 'tampered!');
  assert.equal((await api.call<SignatureVerificationWire>('GET', `${base}/signature`)).state, 'valid');
  const verified = await api.call<SignatureVerificationWire>('POST', `${base}/signature/verify`);
  assert.deepEqual([verified.state, verified.problems], ['invalid', ['"notes.txt" is not what was signed.']]);
  await objects.delete(notes.digest);
  const gone = await api.call<SignatureVerificationWire>('POST', `${base}/signature/verify`);
  assert.deepEqual(gone.problems, ['"notes.txt" was signed but is not there.']);
});

testRegistry('rows that changed in the database are found without reading a file', async ({ register, put, events, api }) => {
  await register(1, { 'a.txt': 'a', 'b.txt': 'b' });
  const other = await put('other');
  await events.database.transaction(async (tx) => {
    await sql`update model_version_files set digest = ${other} where name = 'a.txt'`.execute(tx.query());
    await sql`delete from model_version_files where name = 'b.txt'`.execute(tx.query());
    await sql`insert into model_version_files select model, version, 'c.txt', digest, size from model_version_files where name = 'a.txt'`.execute(
      tx.query(),
    );
  });
  const { state, problems } = await api.call<SignatureVerificationWire>('GET', `${base}/signature`);
  assert.equal(state, 'invalid');
  assert.deepEqual(problems, [
    '"a.txt" is not what was signed.',
    '"b.txt" was signed but is not there.',
    '"c.txt" is there but was not signed.',
  ]);
});

testRegistry('a signature by a key that nobody knows, or by another one, is not trusted', async ({ register, events, api }) => {
  const version = await register(1);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const files = version.files.map(({ name, digest }) => ({ name, digest: hexOf(digest) }));
  const forged = signManifest(privateKey, manifestOf('delay-1', files) ?? assert.fail());
  const set = (column: string, value: string) =>
    events.database.transaction((tx) => sql`update model_signatures set ${sql.ref(column)} = ${value}`.execute(tx.query()));
  await set('bundle', forged);
  const { state, problems } = await api.call<SignatureVerificationWire>('GET', `${base}/signature`);
  assert.equal(state, 'invalid');
  assert.match(problems[0] ?? '', /cannot be trusted: it was made with the key/);
  await set('signing_key', 'gone');
  assert.match(
    (await api.call<SignatureVerificationWire>('GET', `${base}/signature`)).problems[0] ?? '',
    /The key gone that signed it is not known/,
  );
  assert.ok(publicPemOf(privateKey).includes('PUBLIC KEY'));
});

testRegistry('what an earlier Ripen registered is signed at the next start', async ({ register, registry, events, api }) => {
  await register(1);
  await register(2);
  await events.database.transaction((tx) => sql`delete from model_signatures`.execute(tx.query()));
  const unsigned = await api.call<SignatureVerificationWire>('GET', `${base}/signature`);
  assert.deepEqual([unsigned.state, unsigned.files[0]?.fault], ['unsigned', 'unsigned']);
  await api.call('GET', `${base}/model.sig`, undefined, { status: 404 });
  await registry.start();
  for (const version of [1, 2])
    assert.equal((await registry.signatures.verify({ project: 'flights', model: 'delay', version, bytes: true })).state, 'valid');
});

testRegistry('a new key signs what comes after it, and what the old one signed stays valid', async ({ register, registry, api }) => {
  await register(1);
  const old = await registry.signatures.signingKey('current');
  const fresh = await api.call<SigningKeyWire>('POST', '/api/v1/signing-keys/rotate', undefined, { status: 201 });
  assert.ok(fresh.current && fresh.id !== old.id);
  await register(2);
  const states = await Promise.all(
    [1, 2].map((version) => registry.signatures.verify({ project: 'flights', model: 'delay', version, bytes: false })),
  );
  assert.deepEqual(
    states.map(({ state, key }) => [state, key]),
    [
      ['valid', old.id],
      ['valid', fresh.id],
    ],
  );
  const { items } = await api.call<{ items: SigningKeyWire[] }>('GET', '/api/v1/signing-keys');
  const kept = new Map(items.map(({ id, current, retiredAt }) => [id, [current, retiredAt !== undefined]]));
  assert.deepEqual(
    [kept.get(old.id), kept.get(fresh.id)],
    [
      [false, true],
      [true, false],
    ],
  );
  assert.equal(await (await api.request(`/api/v1/signing-keys/${old.id}`)).text(), old.pem);
  await api.call('GET', '/api/v1/signing-keys/none', undefined, { status: 404 });
});

testRegistry('a version without files has nothing to sign', async ({ mlflow, api, registry }) => {
  await mlflow.call('POST', '/api/2.0/mlflow/registered-models/create', { name: 'delay' });
  const made = await mlflow.call('POST', '/api/2.0/mlflow/model-versions/create', { name: 'delay', source: 's3://bucket/model' });
  assert.equal(made.status, 200, JSON.stringify(made.body));
  await registry.start();
  assert.deepEqual(await api.call('GET', `${base}/signature`), { state: 'unsigned', bytes: false, files: [], problems: [] });
});
