import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MonitorWindow } from '../model.ts';
import { withErrorBudget } from './error-budget.ts';
import { emptyStarts, isNews, nextLook, windowState } from './window-state.ts';

const hour = 3_600_000;
const rules = { window: hour, allowedLateness: 60_000, labelDelay: 2 * hour, labelCoverage: 0.9 };

function windowAt(start: number, more: Partial<MonitorWindow> = {}): MonitorWindow {
  return {
    project: 'p',
    deployment: 'd',
    start,
    end: start + hour,
    state: 'open',
    changes: 1,
    evaluated: 1,
    receivedAt: start + hour,
    evaluatedAt: start + hour,
    predictions: 100,
    labelled: 0,
    version: '1',
    metrics: {},
    reference: {},
    announced: undefined,
    drift: { found: [], told: [] },
    ...more,
  };
}

test('a window is over when later predictions came, whatever the clock of the server says', () => {
  const window = windowAt(0);
  const now = 10;
  assert.equal(windowState(window, { now, watermark: hour }, rules), 'open');
  assert.equal(windowState(window, { now, watermark: hour + 60_000 }, rules), 'closed');
  assert.equal(windowState(window, { now, watermark: 3 * hour }, rules), 'complete');
  assert.equal(windowState({ ...window, labelled: 90 }, { now, watermark: hour + 60_000 }, rules), 'complete');
  assert.equal(windowState({ ...window, state: 'complete' }, { now, watermark: 0 }, rules), 'complete');
});

test('without later predictions time passes on the clock, once nothing comes any more', () => {
  const years = 25 * 365 * 24 * hour;
  const replayed = windowAt(0, { receivedAt: years });
  assert.equal(windowState(replayed, { now: years + 1000, watermark: 10 }, rules), 'open');
  assert.equal(windowState(replayed, { now: years + 15_000, watermark: 10 }, rules), 'closed');
  assert.equal(nextLook(replayed, rules), years + 15_000);
  const closed = { ...replayed, state: 'closed' as const };
  assert.equal(windowState(closed, { now: years + hour, watermark: 10 }, rules), 'closed');
  assert.equal(nextLook(closed, rules), years + 2 * hour);
  assert.equal(windowState(closed, { now: years + 2 * hour, watermark: 10 }, rules), 'complete');
  // A clock that was set back makes nothing complete by itself.
  assert.equal(windowState(replayed, { now: 0, watermark: 10 }, rules), 'open');
});

test('gaps are filled, of live traffic up to now, but not decades', () => {
  const at = (...starts: readonly number[]): MonitorWindow[] => starts.map((start) => windowAt(start * hour));
  assert.deepEqual(emptyStarts(at(0, 3), { now: 4 * hour, watermark: 4 * hour - 1 }, rules), [hour, 2 * hour, 4 * hour].slice(0, 2));
  assert.deepEqual(emptyStarts(at(0), { now: 3.5 * hour, watermark: hour - 1 }, rules), [hour, 2 * hour]);
  const replay = [windowAt(0, { receivedAt: 1e12 })];
  assert.deepEqual(emptyStarts(replay, { now: 1e12, watermark: hour - 1 }, rules), []);
  assert.deepEqual(emptyStarts(at(0, 100_000), { now: 0, watermark: 0 }, rules), []);
  assert.deepEqual(emptyStarts([], { now: 0, watermark: 0 }, rules), []);
});

test('news is what changed the counts or the quality by more than a hundredth', () => {
  const window = windowAt(0, { metrics: { auc: 0.7 } });
  const told = { predictions: 100, labelled: 0, metrics: { auc: 0.7 } };
  assert.equal(isNews(window, undefined), true);
  assert.equal(isNews(window, told), false);
  assert.equal(isNews({ ...window, labelled: 1 }, told), true);
  assert.equal(isNews({ ...window, metrics: { auc: 0.705 } }, told), false);
  assert.equal(isNews({ ...window, metrics: { auc: 0.72 } }, told), true);
  assert.equal(isNews({ ...window, metrics: {} }, told), true);
});

test('the error budget is that of the 30 days before', () => {
  const day = 24 * hour;
  const windows = [0, 1, 31].map((number) => {
    const metrics = { requests: 1000, error_rate: number === 0 ? 0.02 : 0 };
    return windowAt(number * day, { end: (number + 1) * day, metrics });
  });
  const budgets = withErrorBudget(windows, 0.99).map(({ metrics }) => metrics['error_budget_remaining']);
  assert.deepEqual(
    budgets.map((value) => Math.round((value ?? Number.NaN) * 1e9) / 1e9),
    [-1, 0, 1],
  );
  assert.equal(withErrorBudget(windows, undefined), windows);
});
