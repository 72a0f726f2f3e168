import assert from 'node:assert/strict';
import { test } from 'node:test';

import { equalWidthEdges, geometricEdges, numericHistogram, seededRandom } from '#kernel/statistics/index.ts';

import { judgeRollout } from './rollout-rules.ts';
import { defaultRolloutRules, emptyTraffic, type RolloutJudgement, type TrafficStatistics } from './rollout-statistics.ts';

const latencyEdges = geometricEdges(0.5, 10_000);
const scoreEdges = equalWidthEdges(0, 1, 50);

interface Traffic {
  readonly requests: number;
  readonly errors?: number;
  readonly latency?: number;
  readonly shift?: number;
}

function traffic(seed: number, { requests, errors = 0, latency = 20, shift = 0 }: Traffic): TrafficStatistics {
  const random = seededRandom(seed);
  const draws = Array.from({ length: requests }, () => random.next());
  return {
    requests,
    errors,
    latency: numericHistogram(
      draws.map((u) => latency * (1 - Math.log(1 - u) / 4)),
      latencyEdges,
    ),
    scores: numericHistogram(
      draws.map((u) => Math.min(1, u * u + shift)),
      scoreEdges,
    ),
  };
}

function outcomes(judgement: RolloutJudgement): Readonly<Record<string, string>> {
  return Object.fromEntries(judgement.checks.map((check) => [check.name, check.outcome]));
}

const stable = traffic(1, { requests: 20_000, errors: 20 });

test('a candidate like the stable revision passes every check', () => {
  const judgement = judgeRollout(stable, traffic(2, { requests: 1000, errors: 1 }), defaultRolloutRules);
  assert.equal(judgement.verdict, 'passed', JSON.stringify(judgement));
  assert.equal(judgement.checks.length, 4);
});

test('errors fail a candidate, and early when they are plain', () => {
  const judgement = judgeRollout(stable, traffic(2, { requests: 20, errors: 12 }), defaultRolloutRules);
  assert.equal(judgement.verdict, 'failed');
  assert.equal(outcomes(judgement)['error_rate'], 'failed');
  assert.equal(judgeRollout(stable, traffic(2, { requests: 1000, errors: 40 }), defaultRolloutRules).verdict, 'failed');
});

test('no error in few requests is not yet proof of few errors', () => {
  const outcome = (requests: number): string | undefined =>
    outcomes(judgeRollout(stable, traffic(2, { requests }), defaultRolloutRules))['error_rate'];
  assert.equal(outcome(200), 'inconclusive');
  assert.equal(outcome(400), 'passed');
});

test('too little traffic passes nothing', () => {
  const judgement = judgeRollout(stable, traffic(2, { requests: 50 }), defaultRolloutRules);
  assert.equal(judgement.verdict, 'inconclusive');
  assert.equal(judgeRollout(stable, emptyTraffic(latencyEdges, scoreEdges), defaultRolloutRules).verdict, 'inconclusive');
  const alone = judgeRollout(emptyTraffic(latencyEdges, scoreEdges), traffic(2, { requests: 1000 }), defaultRolloutRules);
  assert.equal(alone.verdict, 'inconclusive');
});

test('a slow candidate fails beyond doubt; a harmless slowness passes', () => {
  const slow = judgeRollout(stable, traffic(2, { requests: 1000, latency: 60 }), defaultRolloutRules);
  assert.equal(outcomes(slow)['latency_p99_ratio'], 'failed');
  const fast = traffic(1, { requests: 20_000, latency: 1 });
  assert.equal(
    outcomes(judgeRollout(fast, traffic(2, { requests: 1000, latency: 3 }), defaultRolloutRules))['latency_p99_ratio'],
    'passed',
  );
});

test('two slow answers among a hundred are not proof of a slow revision', () => {
  const candidate = {
    ...traffic(2, { requests: 100 }),
    latency: numericHistogram([...Array.from({ length: 98 }, () => 20), 500, 500], latencyEdges),
  };
  assert.equal(outcomes(judgeRollout(stable, candidate, defaultRolloutRules))['latency_p99_ratio'], 'inconclusive');
});

test('one or two slow answers among the first do not end a rollout, a slow revision does', () => {
  const verdictOf = (slow: number, requests: number): string | undefined => {
    const latencies = Array.from({ length: requests }, (_, index) => (index < slow ? 200 : 20));
    const candidate = { ...traffic(2, { requests }), latency: numericHistogram(latencies, latencyEdges) };
    return outcomes(judgeRollout(stable, candidate, defaultRolloutRules))['latency_p99_ratio'];
  };
  assert.deepEqual([verdictOf(1, 19), verdictOf(2, 19), verdictOf(4, 19)], ['inconclusive', 'inconclusive', 'failed']);
  assert.deepEqual([verdictOf(4, 200), verdictOf(8, 200)], ['inconclusive', 'failed']);
});

test('scores of another kind fail, and so do answers that are no numbers', () => {
  assert.equal(outcomes(judgeRollout(stable, traffic(2, { requests: 1000, shift: 0.4 }), defaultRolloutRules))['score_distance'], 'failed');
  const silent = {
    ...traffic(2, { requests: 1000 }),
    scores: numericHistogram(
      Array.from({ length: 1000 }, () => Number.NaN),
      scoreEdges,
    ),
  };
  assert.equal(outcomes(judgeRollout(stable, silent, defaultRolloutRules))['score_distance'], 'failed');
  const otherBins = { ...traffic(2, { requests: 1000 }), scores: numericHistogram([0.5], [0, 1]) };
  assert.equal(judgeRollout(stable, otherBins, defaultRolloutRules).verdict, 'inconclusive');
});

test('checks that the rules leave out are not made', () => {
  const rules = { minimumRequests: 10, significance: 0.05 };
  assert.deepEqual(outcomes(judgeRollout(stable, traffic(2, { requests: 50, errors: 50 }), rules)), { minimum_requests: 'passed' });
});
