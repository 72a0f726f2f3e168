import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { correctEpisodes, evaluateAlert, type AlertTimeline } from './alert-evaluation.ts';
import { alertRuleDeclaration, readWindow, type AlertRule, type AlertWindow } from './alert-rules.ts';
import { initialAlertState, stepAlert } from './alert-state.ts';

const rule: AlertRule = alertRuleDeclaration.parse({
  name: 'calibration',
  metric: 'calibration_error',
  compare: 'above',
  threshold: 0.1,
  for: 2,
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
  }));
}

function statuses(timeline: AlertTimeline): string {
  return timeline.steps.map((step) => step.state.status).join(' ');
}

test('a rule waits for its windows in a row, fires, and resolves only after enough good ones', () => {
  const timeline = evaluateAlert({ rule }, windows(0.05, 0.2, 0.05, 0.2, 0.3, 0.05, 0.2, 0.05, 0.04, 0.03));
  assert.equal(statuses(timeline), 'ok pending ok pending firing firing firing firing resolved resolved');
  assert.deepEqual(
    timeline.steps.map((step) => step.tell ?? '-'),
    ['-', '-', '-', '-', 'fired', '-', '-', '-', 'resolved', '-'],
  );
  assert.deepEqual(timeline.episodes, [{ since: 300, firedAt: 500, resolvedAt: 900 }]);
  assert.equal(timeline.steps[4]?.explanation, 'calibration_error 0.3 is above 0.1. Fires after 2 windows in a row.');
});

test('a window without data moves nothing: it neither resolves nor breaks a row', () => {
  assert.equal(
    statuses(evaluateAlert({ rule }, windows(0.2, undefined, 0.2, undefined, Number.NaN, 0.05, 0.05))),
    'pending pending firing firing firing firing resolved',
  );
  const small = windows(0.2, 0.2).map((window) => ({ ...window, labelled: 4 }));
  assert.equal(statuses(evaluateAlert({ rule }, small)), 'ok ok');
  assert.match(
    stepAlert({ rule }, initialAlertState, { ...windows(0.2)[0]!, predictions: 3 }).explanation,
    /holds 3 predictions; the rule needs 10/,
  );
});

test('a rule may count missing data as bad', () => {
  const strict: AlertRule = { ...rule, noData: 'fire' };
  assert.equal(statuses(evaluateAlert({ rule: strict }, windows(undefined, undefined, 0.01, 0.01))), 'pending firing firing resolved');
});

test('limits may follow the reference, by ratio and by difference, and need one', () => {
  const [window] = windows(0.2);
  assert.ok(window !== undefined);
  const ratio: AlertRule = { ...rule, limit: { kind: 'ratio', value: 1.5 } };
  assert.equal(readWindow(ratio, window, 0.1).state, 'bad');
  assert.equal(readWindow(ratio, window, 0.15).state, 'good');
  assert.equal(readWindow(ratio, window, undefined).state, 'no-data');
  const drop: AlertRule = { ...rule, compare: 'below', limit: { kind: 'difference', value: -0.02 } };
  assert.equal(readWindow(drop, window, 0.23).state, 'bad');
  assert.equal(readWindow(drop, window, 0.21).state, 'good');
  assert.match(readWindow(drop, window, 0.23).explanation, /is below 0.21 \(-0.02 of the reference 0.23\)/);
});

test('a metric with a star is the worst of all that begin so', () => {
  const worst: AlertRule = { ...rule, metric: 'drift.psi.*', limit: { kind: 'absolute', value: 0.2 } };
  const [window] = windows(0);
  assert.ok(window !== undefined);
  const metrics = { 'drift.psi.hour': 0.1, 'drift.psi.origin': 0.4, 'drift.ks.hour': 0.9, 'drift.psi.gone': undefined };
  assert.match(readWindow(worst, { ...window, metrics }, undefined).explanation, /^drift.psi.origin 0.4 is above 0.2/);
  assert.match(readWindow({ ...worst, compare: 'below' }, { ...window, metrics }, undefined).explanation, /^drift.psi.hour 0.1 is below/);
  assert.equal(readWindow(worst, window, undefined).state, 'no-data');
});

test('a silence holds the message back, not the state; what still fires afterwards is told', () => {
  const silences = [{ from: 0, until: 350, reason: 'planned load test' }];
  const told = evaluateAlert({ rule, silences }, windows(0.2, 0.2, 0.2, 0.2, 0.01, 0.01));
  assert.equal(statuses(told), 'pending firing firing firing firing resolved');
  assert.deepEqual(
    told.steps.map((step) => step.tell),
    [undefined, undefined, undefined, 'fired', undefined, 'resolved'],
  );
  assert.match(told.steps[1]?.explanation ?? '', /Silenced: planned load test/);
  const never = evaluateAlert({ rule, silences: [{ from: 0, until: 1000, reason: 'x' }] }, windows(0.2, 0.2, 0.01, 0.01));
  assert.ok(never.steps.every((step) => step.tell === undefined));
});

test('late labels change the past: episodes are opened, closed, opened again and taken back', () => {
  const early = evaluateAlert({ rule }, windows(0.2, 0.2, undefined, undefined)).episodes;
  const healed = evaluateAlert({ rule }, windows(0.2, 0.2, 0.01, 0.01)).episodes;
  const harmless = evaluateAlert({ rule }, windows(0.2, 0.05, 0.01, 0.01)).episodes;
  assert.equal(correctEpisodes(early, healed).resolve.length, 1);
  assert.equal(correctEpisodes(healed, early).reopen.length, 1);
  assert.equal(correctEpisodes(early, harmless).withdraw.length, 1);
  assert.equal(correctEpisodes(harmless, early).fire.length, 1);
  assert.deepEqual(correctEpisodes(early, early), { fire: [], resolve: [], reopen: [], withdraw: [] });
});

test('window by window or all at once, in any order of arrival, the timeline is one', () => {
  const values = fc.array(fc.option(fc.double({ min: 0, max: 0.2, noNaN: true }), { nil: undefined }), { maxLength: 30 });
  fc.assert(
    fc.property(values, fc.nat(30), (metrics, cut) => {
      const all = windows(...metrics);
      const whole = evaluateAlert({ rule }, all);
      const first = evaluateAlert({ rule }, all.slice(0, cut));
      const second = evaluateAlert({ rule }, all.slice(cut), first.state);
      assert.deepEqual([...first.steps, ...second.steps], whole.steps);
      assert.deepEqual(evaluateAlert({ rule }, all.toReversed()), whole);
      const fired = whole.steps.filter((step) => step.tell === 'fired').length;
      const resolved = whole.steps.filter((step) => step.tell === 'resolved').length;
      assert.ok(fired - resolved === (whole.state.status === 'firing' ? 1 : 0));
    }),
  );
});

test('a declaration with a wrong key or value is refused', () => {
  const good = { name: 'a', metric: 'auc', compare: 'below', threshold: { ratio: 0.95 } };
  assert.deepEqual(alertRuleDeclaration.parse(good).limit, { kind: 'ratio', value: 0.95 });
  for (const bad of [
    { ...good, treshold: 1 },
    { ...good, threshold: { ratio: -1 } },
    { ...good, for: 0 },
    { ...good, threshold: Number.NaN },
  ]) {
    assert.equal(alertRuleDeclaration.safeParse(bad).success, false);
  }
});
