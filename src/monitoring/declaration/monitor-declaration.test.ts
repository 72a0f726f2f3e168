import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { parseMonitorDeclaration } from './monitor-declaration.ts';

test('without a word every deployment is watched with the defaults', () => {
  for (const nothing of [undefined, null, {}, { model: 'm', gates: {} }]) {
    const declared = parseMonitorDeclaration('d', nothing);
    assert.deepEqual(
      [declared.window, declared.labelDelay, declared.allowedLateness, declared.alerts.length],
      [86_400_000, 0, 3_600_000, 0],
    );
  }
});

test('everything can be said', () => {
  const declared = parseMonitorDeclaration('d', {
    objectives: { availability: 0.99, latency_p99_ms: 50 },
    monitoring: {
      window: '6h',
      label_delay: '2d',
      label_coverage: 0.8,
      allowed_lateness: '5m',
      positive_threshold: 0.3,
      drift: {
        method: 'psi',
        threshold: 0.25,
        features: ['hour'],
        overrides: { hour: { method: 'chi_square' } },
        false_discovery_rate: 0.01,
      },
      notify: [{ channel: 'webhook', url: 'https://example.org/hook', secret_env: 'HOOK' }],
    },
    alerts: [{ name: 'a', metric: 'auc', operator: 'below', relative_to_reference: { difference: -0.02 } }],
  });
  assert.deepEqual([declared.window, declared.labelDelay, declared.availability], [6 * 3_600_000, 2 * 86_400_000, 0.99]);
  assert.deepEqual(declared.drift.columns, { hour: { methods: ['chi_square'], thresholds: { chi_square: 0.25 } } });
  assert.deepEqual(declared.drift.common, { methods: ['psi'], thresholds: { psi: 0.25 } });
});

test('what is wrong is named with its place and the nearest right word', () => {
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [{ monitoring: { windw: '1d' } }, /monitoring\.windw: .*did you mean "window"/],
    [{ monitoring: { window: '90s' } }, /monitoring\.window: must be whole minutes/],
    [{ monitoring: { drift: { methd: 'psi' } } }, /drift\.methd: .*did you mean "method"/],
    [{ monitoring: { drift: { method: 'jensen-shannon' } } }, /monitoring\.drift\.method/],
    [{ alerts: [{ name: 'a', metric: 'auk', operator: 'above', threshold: 1 }] }, /alerts\.0\.metric: .*did you mean "auc"/],
    [{ alerts: [{ name: 'a', metric: 'auc', operator: 'above', threshold: 1, severty: 'x' }] }, /did you mean "severity"/],
    [{ alerts: [{ name: 'a', metric: 'auc', operator: 'above' }] }, /either threshold or relative_to_reference/],
    [{ alerts: ['auc', 'brier'].map((metric) => ({ name: 'a', metric, operator: 'above', threshold: 1 })) }, /two rules have one name/],
    [{ monitoring: { notify: [{ channel: 'webhook', url: 'file:///etc/passwd' }] } }, /monitoring\.notify\.0\.url/],
    [{ monitoring: 'daily' }, /monitoring: /],
  ];
  for (const [bad, problem] of cases) assert.throws(() => parseMonitorDeclaration('d', bad), problem);
});

test('the template declares its monitoring rightly', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../templates/onnx-typescript/ripen.yaml'), 'utf8');
  const { deployments } = parse(text) as { deployments: Record<string, unknown> };
  const declared = parseMonitorDeclaration('flight-delay', deployments['flight-delay']);
  assert.ok(declared.alerts.some(({ severity }) => severity === 'critical'));
});
