import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { guardedLookup, isPublicAddress } from './addresses.ts';
import { checkEvents, checkName, checkUrl } from './check-webhook.ts';
import { exampleOf } from './examples.ts';
import { occurrences, type WebhookEntity } from './model.ts';
import { readRetryAfter, retryPause } from './retry.ts';
import { openSecretBox } from './secrets.ts';
import { signatureOf } from './send.ts';

test('addresses of this machine, of private networks and of special purposes are not public', () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.255.255',
    '192.168.0.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '198.18.0.1',
    '::1',
    '::',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    'ff02::1',
    '2001:db8::1',
    '2001::1',
    '3fff::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2002:a9fe:a9fe::1',
    'not an address',
    '',
  ])
    assert.equal(isPublicAddress(address), false, address);
  for (const address of [
    '1.1.1.1',
    '93.184.216.34',
    '172.32.0.1',
    '2606:4700:4700::1111',
    '::ffff:1.1.1.1',
    '64:ff9b::101:101',
    '2002:101:101::1',
  ])
    assert.equal(isPublicAddress(address), true, address);
});

test('a name that leads to this machine is refused when the connection is made', async () => {
  const found = await new Promise((resolve) => guardedLookup('localhost', { all: true }, (error) => resolve(error?.message)));
  assert.match(String(found), /localhost leads to .*, which is not public/);
});

const open = { schemes: ['http', 'https'], privateAddresses: true };
const closed = { schemes: ['https'], privateAddresses: false };

for (const [url, rules, code] of [
  ['  ', open, 'webhooks.url-empty'],
  ['no url', open, 'webhooks.url-invalid'],
  ['ftp://example.com', open, 'webhooks.scheme-invalid'],
  ['http://example.com', closed, 'webhooks.scheme-invalid'],
  ['https://ada:secret@example.com/', open, 'webhooks.url-invalid'],
  [`https://example.com/${'x'.repeat(500)}`, open, 'webhooks.too-long'],
  ['https://127.0.0.1/', closed, 'webhooks.address-private'],
  // Old ways of writing 127.0.0.1.
  ['https://127.1/', closed, 'webhooks.address-private'],
  ['https://0x7f.1/', closed, 'webhooks.address-private'],
  ['https://2130706433/', closed, 'webhooks.address-private'],
  ['https://[::ffff:127.0.0.1]/', closed, 'webhooks.address-private'],
  ['https://localhost:9/', closed, 'webhooks.address-private'],
  ['https://no-such-host.invalid/', closed, 'webhooks.host-unknown'],
] as const) {
  test(`refused: ${url.slice(0, 40)} (${code})`, async () => {
    await assert.rejects(checkUrl(url, rules), { code });
  });
}

test('MLflow asks for these words', async () => {
  await assert.rejects(checkUrl(' ', closed), /Webhook URL cannot be empty or just whitespace/);
  await assert.rejects(checkUrl('http://example.com', closed), /Invalid webhook URL scheme: 'http'/);
  assert.throws(() => checkEvents([{ entity: 'model_version', action: 'deleted' }]), /Invalid action 'deleted' for entity 'model_version'/);
});

test('events that stand twice count once, and what is not known is answered with the nearest', () => {
  const event = { entity: 'model_version', action: 'created' };
  assert.deepEqual(checkEvents([event, event]), [event]);
  assert.throws(() => checkEvents([{ entity: 'model_versions', action: 'created' }]), /did you mean model_version\?/);
  assert.throws(() => checkEvents([{ entity: 'constructor', action: 'name' }]), { code: 'webhooks.events-invalid' });
  assert.throws(() => checkEvents([]), { code: 'webhooks.events-invalid' });
  for (const [entity, actions] of Object.entries(occurrences))
    for (const action of actions) assert.notDeepEqual(exampleOf({ entity: entity as WebhookEntity, action }), {}, `${entity}.${action}`);
});

test('names begin and end with a letter or digit', () => {
  for (const name of ['a', 'a.b-c_d', 'A'.repeat(63)]) assert.equal(checkName(name), name);
  for (const name of ['', '.a', 'a-', 'a b', 'ä', 'A'.repeat(64), 'a\n'])
    assert.throws(() => checkName(name), { code: 'webhooks.name-invalid' });
});

test('pauses double up to a quarter of an hour, and a receiver may ask for more', () => {
  const pauses = [1, 2, 3, 4, 11, 40].map((attempts) => retryPause(attempts, undefined, () => 0));
  assert.deepEqual(pauses, [1000, 2000, 4000, 8000, 900_000, 900_000]);
  assert.equal(
    retryPause(1, 30_000, () => 0.5),
    30_000,
  );
  assert.equal(
    retryPause(1, 1e12, () => 0),
    3_600_000,
  );
  const now = Date.UTC(2026, 0, 1);
  assert.equal(readRetryAfter('120', now), 120_000);
  assert.equal(readRetryAfter('Thu, 01 Jan 2026 00:01:00 GMT', now), 60_000);
  assert.equal(readRetryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now), 0);
  assert.equal(readRetryAfter('soon', now), undefined);
});

test('a secret opens with the key of its home, for its webhook, and unchanged only', () => {
  const home = mkdtempSync(join(tmpdir(), 'ripen-secrets-'));
  try {
    const box = openSecretBox(home);
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (secret) => {
        assert.equal(openSecretBox(home).open(box.seal(secret, 'w1'), 'w1'), secret);
      }),
      { numRuns: 20 },
    );
    const sealed = box.seal('hush', 'w1');
    assert.ok(!sealed.includes('hush') && sealed !== box.seal('hush', 'w1'));
    for (const [text, of] of [
      [sealed, 'w2'],
      [sealed.slice(0, -3), 'w1'],
      [`v1.${Buffer.from(sealed.slice(3), 'base64url').toReversed().toString()}`, 'w1'],
      ['', 'w1'],
    ] as const)
      assert.throws(() => box.open(text, of), { code: 'webhooks.secret-unreadable' });
    assert.equal(statSync(join(home, 'keys', 'webhooks.key')).mode & 0o777, 0o600);
    assert.match(readFileSync(join(home, 'keys', 'webhooks.key'), 'utf8'), /^[0-9a-f]{64}\n$/);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test("the signature is what MLflow's verifier computes", () => {
  // HMAC-SHA256 by Python's hmac module over "id.1767225600.{}" with the key "secret".
  assert.equal(signatureOf({ id: 'id', body: '{}' }, 'secret', 1_767_225_600), 'v1,mcxGI/iDo4hI1SdqzxcV+f+OPEJBMCdxo96u3XeUzA0=');
});
