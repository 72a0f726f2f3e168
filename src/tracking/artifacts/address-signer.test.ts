import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { manualClock } from '#kernel/clock.ts';
import { createAddressSigner, type Grant } from './address-signer.ts';

const grant: Grant = { way: 'get', project: 'flights', path: 'a/b' };

test('the key is kept in the home, for its owner alone, and signs alike after a restart', () => {
  const home = mkdtempSync(join(tmpdir(), 'ripen-signer-'));
  try {
    const clock = manualClock();
    const query = new URLSearchParams(createAddressSigner({ clock, home }).sign(grant, clock.now() + 1000));
    createAddressSigner({ clock, home }).check(grant, query);
    assert.equal(statSync(join(home, 'keys', 'artifact-addresses.key')).mode & 0o777, 0o600);
    const stranger = createAddressSigner({ clock, home: undefined });
    assert.throws(() => stranger.check(grant, query), { code: 'tracking.artifact-address-refused' });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test('nothing else is opened by an address than what was signed', () => {
  const clock = manualClock();
  const signer = createAddressSigner({ clock, home: undefined });
  const query = new URLSearchParams(signer.sign(grant, clock.now() + 1000));
  const others: readonly Grant[] = [
    { ...grant, way: 'put' },
    { ...grant, project: 'other' },
    { ...grant, path: 'a/c' },
    { ...grant, project: 'flights","a', path: 'b' },
  ];
  for (const other of others) assert.throws(() => signer.check(other, query), { code: 'tracking.artifact-address-refused' });
  clock.advance(1000);
  assert.throws(() => signer.check(grant, query), { code: 'tracking.artifact-address-refused' });
  const endless = new URLSearchParams(signer.sign(grant, Number.NaN));
  assert.throws(() => signer.check(grant, endless), { code: 'tracking.artifact-address-refused' });
});
