import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type EffectiveSetting, loadConfig } from './index.ts';

function withFile(content: string | undefined, body: (directory: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'ripen-config-'));
  if (content !== undefined) {
    mkdirSync(join(directory, '.ripen'));
    writeFileSync(join(directory, '.ripen/config.yaml'), content);
  }
  try {
    body(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const find = (effective: readonly EffectiveSetting[], key: string) => effective.find((setting) => setting.key === key);

test('flags win over environment over file over defaults, and each says where it came from', () => {
  withFile('port: 1\nlog: {level: warn}\nhost: localhost\n', (directory) => {
    const { settings, effective } = loadConfig({
      directory,
      environment: { RIPEN_PORT: '2', RIPEN_LOG_LEVEL: 'error' },
      flags: { port: '3' },
    });
    assert.deepEqual([settings.port, settings.logLevel, settings.host, settings.auth], [3, 'error', 'localhost', 'none']);
    assert.equal(find(effective, 'port')?.origin, 'flag --port');
    assert.equal(find(effective, 'log.level')?.origin, 'environment RIPEN_LOG_LEVEL');
    assert.match(find(effective, 'host')?.origin ?? '', /^file .*config\.yaml$/);
    assert.equal(find(effective, 'auth')?.origin, 'default');
  });
});

test('a wrong key or value is an error that names the nearest right one', () => {
  withFile(undefined, (directory) => {
    assert.throws(() => loadConfig({ directory, environment: { RIPEN_PROT: '1' } }), {
      code: 'config.unknown-key',
      hint: 'Did you mean "RIPEN_PORT"?',
    });
    assert.throws(() => loadConfig({ directory, environment: { RIPEN_LOG_LEVEL: 'wran' } }), {
      code: 'config.invalid-value',
      hint: 'Did you mean "warn"?',
    });
    assert.throws(() => loadConfig({ directory, environment: { RIPEN_PORT: '99999' } }), { code: 'config.invalid-value' });
    assert.throws(() => loadConfig({ directory, environment: {}, flags: { 'log.levle': 'info' } }), { code: 'config.unknown-key' });
  });
  withFile('prt: 1\n', (directory) =>
    assert.throws(() => loadConfig({ directory, environment: {} }), { code: 'config.unknown-key', hint: 'Did you mean "port"?' }),
  );
  withFile('port: [\n', (directory) => assert.throws(() => loadConfig({ directory, environment: {} }), { code: 'config.unreadable-file' }));
});

test('credentials inside an address are not shown', () => {
  withFile(undefined, (directory) => {
    const { settings, effective } = loadConfig({ directory, environment: { RIPEN_DATABASE_URL: 'postgres://me:secret@db:5432/ripen' } });
    assert.equal(find(effective, 'database.url')?.shown, 'postgres://db:5432/ripen');
    assert.equal(settings.databaseUrl, 'postgres://me:secret@db:5432/ripen');
  });
});

test('beyond loopback authentication must be configured', () => {
  withFile(undefined, (directory) => {
    assert.throws(() => loadConfig({ directory, environment: { RIPEN_HOST: '0.0.0.0' } }), { code: 'config.open-without-authentication' });
    assert.equal(loadConfig({ directory, environment: { RIPEN_HOST: '0.0.0.0', RIPEN_AUTH: 'tokens' } }).settings.host, '0.0.0.0');
  });
});

test('what steps and tests get is not taken for a setting', () => {
  withFile(undefined, (directory) => {
    loadConfig({
      directory,
      environment: { RIPEN_RUN_LOG: 'x', RIPEN_INPUT_FLIGHTS: 'x', RIPEN_PROCESS: 'x', RIPEN_TEST_POSTGRES_URL: 'x' },
    });
  });
});
