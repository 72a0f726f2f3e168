import assert from 'node:assert/strict';
import type { Database } from '#kernel/database/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { ada, type Bench, benchMigrations, openBench } from './testing/delivery-bench.ts';

async function withBench(database: Database, body: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = await openBench(database);
  try {
    await body(bench);
  } finally {
    await bench.close();
  }
}

const request = { project: 'flights', deployment: 'delay', reason: 'the first one' };
const context = { actor: ada, project: 'flights' };

testOnEachDatabase('a good version goes through both gates into production, and the events tell it in order', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    const { delivery, stop } = await bench.start();
    await bench.register(1, { weight: 4, bias: 0 });
    const made = await delivery.release(context, { ...request, version: 1 });
    const { release, gates, steps } = await bench.until(delivery, made.id);
    await stop();
    assert.equal(release.state, 'released', JSON.stringify(gates, undefined, 1));
    assert.deepEqual(
      steps.map(({ state }) => state),
      ['created', 'checking', 'staging', 'smoke-testing', 'awaiting-approval', 'production', 'released'],
    );
    assert.deepEqual(await bench.eventTypes(), [
      'release.created',
      'gate.evaluated staging',
      'service.deployed staging',
      'gate.evaluated production',
      'service.deployed production',
      'release.finished',
    ]);
    assert.deepEqual(
      gates[0]?.checks.map(({ name, outcome }) => `${name} ${outcome}`),
      [
        'artifact_digest passed',
        'model_card passed',
        'auc_over_baseline passed',
        'auc_over_production passed',
        'slice_floors passed',
        'latency_p99_ms passed',
        'size_bytes passed',
        'contract_green passed',
        'signature_compatible passed',
      ],
    );
    assert.deepEqual(
      gates[1]?.checks.slice(-3).map(({ name }) => name),
      ['smoke_scores', 'smoke_version', 'approvals'],
    );
    assert.deepEqual(
      [...bench.aliases],
      [
        ['staging', 1],
        ['production', 1],
      ],
    );
    assert.equal(gates[0]?.measurements?.rows, 3000);
    assert.ok((gates[0]?.measurements?.latencyP99Ms ?? 0) > 0);
  }),
);
