import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { correctEpisodes, evaluateAlert, type AlertTimeline } from './episodes.ts';
import { readWindow } from './reading.ts';
import { alertRuleDeclaration, type AlertRule, type AlertWindow } from './rules.ts';
import { initialAlertState, stepAlert } from './state.ts';

const rule: AlertRule = alertRuleDeclaration.parse({
  name: 'calibration',
  metric: 'calibration_error',
  operator: 'above',
  threshold: 0.1,
  consecutive_windows: 2,
  resolve_after: 2,
  minimum_predictions: 10,
  minimum_labels: 5,
  severity: 'critical',
});

function windows(...values: readonly (number | undefined)[]): AlertWindow[] {
  return values.map((value, index) => ({
    start: index * 100,
    end: index * 100 + 100,
    predictions: 50,
    labelled: 50,
    metrics: { calibration_error: value },
    reference: { calibration_error: 0.1 },
  }));
}

function statuses(timeline: AlertTimeline): string {
  return timeline.steps.map((step) => step.state.status).join(' ');
}

test('a rule waits for its windows in a row, fires, and resolves only after enough good ones', () => {
  const timeline = evaluateAlert(rule, windows(0.05, 0.2, 0.05, 0.2, 0.3, 0.05, 0.2, 0.05, 0.04, 0.03));
  assert.equal(statuses(timeline), 'ok pending ok pending firing firing firing firing resolved resolved');
  assert.deepEqual(
    timeline.steps.map((step) => step.change),
    ['none', 'pending', 'dropped', 'pending', 'fired', 'none', 'none', 'none', 'resolved', 'none'],
  );
  assert.deepEqual(timeline.episodes, [{ since: 300, firedAt: 500, resolvedAt: 900, fired: timeline.steps[4] }]);
  assert.equal(timeline.steps[4]?.explanation, 'calibration_error 0.3 is above 0.1. Fires after 2 windows in a row.');
});

test('a window without data moves nothing: it neither resolves nor breaks a row', () => {
  assert.equal(
    statuses(evaluateAlert(rule, windows(0.2, undefined, 0.2, undefined, Number.NaN, 0.05, 0.05))),
    'pending pending firing firing firing firing resolved',
  );
  const small = windows(0.2, 0.2).map((window) => ({ ...window, labelled: 4 }));
  assert.equal(statuses(evaluateAlert(rule, small)), 'ok ok');
  assert.match(
    stepAlert(rule, initialAlertState, { ...windows(0.2)[0]!, predictions: 3 }).explanation,
    /holds 3 predictions; the rule needs 10/,
  );
});

test('a rule may count missing data as bad', () => {
  const strict: AlertRule = { ...rule, noData: 'fire' };
  assert.equal(statuses(evaluateAlert(strict, windows(undefined, undefined, 0.01, 0.01))), 'pending firing firing resolved');
});

test('limits may follow the reference, by ratio and by difference, and need one', () => {
  const [window] = windows(0.2);
  assert.ok(window !== undefined);
  const against = (value: number | undefined): AlertWindow => ({ ...window, reference: { calibration_error: value } });
  const ratio: AlertRule = { ...rule, limit: { kind: 'ratio', value: 1.5 } };
  assert.equal(readWindow(ratio, against(0.1)).state, 'bad');
  assert.equal(readWindow(ratio, against(0.15)).state, 'good');
  assert.equal(readWindow(ratio, against(undefined)).state, 'no-data');
  const drop: AlertRule = { ...rule, operator: 'below', limit: { kind: 'difference', value: -0.02 } };
  assert.equal(readWindow(drop, against(0.23)).state, 'bad');
  assert.equal(readWindow(drop, against(0.21)).state, 'good');
  assert.match(readWindow(drop, against(0.23)).explanation, /is below 0.21 \(-0.02 of the reference 0.23\)/);
});

test('a metric with a star is the worst of all that begin so', () => {
  const worst: AlertRule = { ...rule, metric: 'drift.psi.*', limit: { kind: 'absolute', value: 0.2 } };
  const [window] = windows(0);
  assert.ok(window !== undefined);
  const metrics = { 'drift.psi.hour': 0.1, 'drift.psi.origin': 0.4, 'drift.ks.hour': 0.9, 'drift.psi.gone': undefined };
  assert.match(readWindow(worst, { ...window, metrics }).explanation, /^drift.psi.origin 0.4 is above 0.2/);
  assert.match(readWindow({ ...worst, operator: 'below' }, { ...window, metrics }).explanation, /^drift.psi.hour 0.1 is below/);
  assert.equal(readWindow(worst, window).state, 'no-data');
});

test('late labels change the past: episodes are opened, closed, opened again, moved and taken back', () => {
  const early = evaluateAlert(rule, windows(0.2, 0.2, undefined, undefined)).episodes;
  const healed = evaluateAlert(rule, windows(0.2, 0.2, 0.01, 0.01)).episodes;
  const harmless = evaluateAlert(rule, windows(0.2, 0.05, 0.01, 0.01)).episodes;
  const later = evaluateAlert(rule, windows(0.05, 0.2, 0.2, undefined)).episodes;
  assert.equal(correctEpisodes(early, healed).change[0]?.evaluated.resolvedAt, 400);
  assert.equal(correctEpisodes(healed, early).change[0]?.evaluated.resolvedAt, undefined);
  assert.deepEqual(correctEpisodes(early, later), { fire: [], change: [{ recorded: early[0], evaluated: later[0] }], withdraw: [] });
  assert.equal(correctEpisodes(early, harmless).withdraw.length, 1);
  assert.equal(correctEpisodes(harmless, early).fire.length, 1);
  assert.deepEqual(correctEpisodes(early, early), { fire: [], change: [], withdraw: [] });
});

test('in any order of arrival the timeline is one', () => {
  const values = fc.array(fc.option(fc.double({ min: 0, max: 0.2, noNaN: true }), { nil: undefined }), { maxLength: 30 });
  fc.assert(
    fc.property(values, (metrics) => {
      const all = windows(...metrics);
      const whole = evaluateAlert(rule, all);
      assert.deepEqual(evaluateAlert(rule, all.toReversed()), whole);
      assert.deepEqual(correctEpisodes(whole.episodes, whole.episodes), { fire: [], change: [], withdraw: [] });
      const fired = whole.steps.filter((step) => step.change === 'fired').length;
      assert.equal(fired, whole.episodes.length);
    }),
  );
});

test('a declaration with a wrong key, value or metric is refused', () => {
  const good = { name: 'a', metric: 'auc', operator: 'below', relative_to_reference: { ratio: 0.95 } };
  assert.deepEqual(alertRuleDeclaration.parse(good).limit, { kind: 'ratio', value: 0.95 });
  for (const bad of [
    { ...good, treshold: 1 },
    { ...good, threshold: 1 },
    { ...good, relative_to_reference: undefined },
    { ...good, relative_to_reference: { ratio: -1 } },
    { ...good, consecutive_windows: 0 },
    { ...good, metric: 'aucc' },
    { ...good, metric: 'drift.psy.hour' },
  ]) {
    assert.equal(alertRuleDeclaration.safeParse(bad).success, false);
  }
  for (const metric of ['drift.psi.hour', 'drift.*', 'drift.psi.*', 'score_drift.psi', 'missing.*']) {
    assert.equal(alertRuleDeclaration.safeParse({ ...good, metric }).success, true, metric);
  }
});
