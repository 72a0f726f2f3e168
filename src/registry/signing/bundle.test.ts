import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { bundleKey, keyIdOf, openBundle, publicPemOf, signManifest } from './bundle.ts';
import { openKeyRing } from './key-ring.ts';
import { manifestOf, readStatement, toStatement } from './manifest.ts';
import { verifyDirectory } from './verify-directory.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicPem = publicPemOf(privateKey);

async function withFolder(body: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ripen-signing-'));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

const signed = (files: Readonly<Record<string, string>>) => {
  const manifest = manifestOf(
    'delay-1',
    Object.entries(files).map(([name, content]) => ({ name, digest: hash(content) })),
  );
  return signManifest(privateKey, manifest ?? assert.fail('nothing to sign'));
};

test('the bundle is a DSSE envelope whose signature anybody can check', () => {
  const bundle = JSON.parse(signed({ b: '2', a: '1' })) as {
    verificationMaterial: { publicKey: { hint: string }; tlogEntries: unknown[] };
    dsseEnvelope: { payload: string; signatures: { sig: string }[] };
  };
  const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64');
  const covered = Buffer.from(`DSSEv1 28 application/vnd.in-toto+json ${payload.length} ${payload.toString('utf8')}`);
  assert.ok(verify('sha256', covered, createPublicKey(publicPem), Buffer.from(bundle.dsseEnvelope.signatures[0]?.sig ?? '', 'base64')));
  assert.equal(bundle.verificationMaterial.publicKey.hint, keyIdOf(publicPem));
  assert.deepEqual(bundle.verificationMaterial.tlogEntries, []);
  const statement = JSON.parse(payload.toString('utf8')) as { subject: unknown; predicate: { resources: { name: string }[] } };
  const root = createHash('sha256')
    .update(Buffer.from(hash('1') + hash('2'), 'hex'))
    .digest('hex');
  assert.deepEqual(statement.subject, [{ name: 'delay-1', digest: { sha256: root } }]);
  assert.deepEqual(
    statement.predicate.resources.map(({ name }) => name),
    ['a', 'b'],
  );
});

test('names are in the order of code points, and what verifiers leave out is not signed', () => {
  const named = ['\u{1F34E}', '\uFF5E', 'a/b', 'a.b', '.gitignore', 'model.sig', '.github/x', 'sub/.gitignore'];
  const manifest = manifestOf(
    'm',
    named.map((name) => ({ name, digest: hash(name) })),
  );
  assert.deepEqual(
    manifest?.files.map(({ name }) => name),
    ['a.b', 'a/b', 'sub/.gitignore', '\uFF5E', '\u{1F34E}'],
  );
  assert.equal(manifestOf('m', [{ name: '.gitignore', digest: hash('') }]), undefined);
});

test('a statement reads back as it was written', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(
        fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => !/^\/|\.\./.test(name)),
        { minLength: 1 },
      ),
      (names) => {
        const manifest = manifestOf(
          'm',
          names.map((name) => ({ name, digest: hash(name) })),
        );
        if (manifest !== undefined) assert.deepEqual(readStatement(toStatement(manifest)), manifest);
      },
    ),
  );
});

for (const [name, broken, reason] of [
  [
    'a changed payload',
    (text: string) => text.replace(/"payload":"(.)/, (_, first: string) => `"payload":"${first === 'e' ? 'f' : 'e'}`),
    /does not hold/,
  ],
  ['a changed signature', (text: string) => text.replace(/"sig":"MEU|"sig":"MEQ|"sig":"MEY/, '"sig":"MEV'), /does not hold/],
  ['another media type', (text: string) => text.replace('v0.3', 'v0.9'), /no sigstore bundle/],
  ['no bundle', () => 'null', /no sigstore bundle/],
  ['no signatures', (text: string) => text.replace(/"signatures":\[.*?\]/, '"signatures":[]'), /exactly one signature/],
] as const) {
  test(`refused: ${name}`, () => {
    const bundle = signed({ a: '1' });
    const changed = broken(bundle);
    assert.notEqual(changed, bundle);
    assert.throws(() => openBundle(changed, publicPem), reason);
  });
}

test('refused: the key of somebody else', () => {
  const other = publicPemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
  assert.throws(() => openBundle(signed({ a: '1' }), other), /was made with the key/);
  assert.equal(bundleKey(signed({ a: '1' })), keyIdOf(publicPem));
});

test('statements that would lead a verifier astray are refused', () => {
  const manifest = manifestOf('m', [{ name: 'a', digest: hash('a') }]) ?? assert.fail();
  const statement = toStatement(manifest);
  assert.throws(() => readStatement(statement.replace('"name":"a"', '"name":"../a"')), /no path within the model/);
  assert.throws(() => readStatement(statement.replace(/"resources":\[.*\]/, '"resources":[]')), /covers no file/);
  assert.throws(() => readStatement(statement.replace(manifest.root, hash('x'))), /root is not that of its files/);
  assert.throws(() => readStatement(statement.replace('"method":"files"', '"method":"shards"')), /only files and sha256/);
});

test('a directory is verified without a server, and each fault names its file', async () => {
  await withFolder(async (folder) => {
    const files = { 'model.onnx': 'model', 'code/a.py': 'a', 'ünï cödé.txt': 'u' };
    const bundle = signed(files);
    const verified = () => verifyDirectory(folder, { bundle, publicPem, signatureName: 'model.sig' });
    write(folder, { ...files, 'model.sig': bundle, '.gitignore': 'x' });
    assert.deepEqual((await verified()).problems, []);
    write(folder, { 'model.onnx': 'tampered', 'extra.py': 'x' });
    rmSync(join(folder, 'code'), { recursive: true });
    symlinkSync('/etc/passwd', join(folder, 'link'));
    assert.deepEqual((await verified()).files, [
      { name: 'code/a.py', fault: 'missing' },
      { name: 'extra.py', fault: 'unsigned' },
      { name: 'link', fault: 'unsigned' },
      { name: 'model.onnx', fault: 'changed' },
      { name: 'ünï cödé.txt', fault: undefined },
    ]);
    await assert.rejects(verifyDirectory(folder, { bundle: '{}', publicPem, signatureName: 'model.sig' }), {
      code: 'registry.signature-invalid',
    });
  });
});

test('the key of a home is made once, only its owner can read it, and rotating replaces it', async () => {
  await withFolder((home) => {
    const ring = openKeyRing(home);
    const first = ring.current();
    assert.equal(openKeyRing(home).current().id, first.id);
    assert.equal(statSync(join(home, 'keys', 'model-signing.pem')).mode & 0o777, 0o600);
    const second = ring.rotate();
    assert.notEqual(second.id, first.id);
    assert.deepEqual([ring.current().id, openKeyRing(home).current().id], [second.id, second.id]);
    writeFileSync(join(home, 'keys', 'model-signing.pem'), 'no key');
    assert.throws(() => openKeyRing(home).current(), { code: 'registry.signing-key-broken' });
  });
});
