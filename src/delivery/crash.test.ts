import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import type { Delivery } from './assemble-delivery.ts';
import type { ReleaseState } from './states.ts';
import { ada, type Bench, benchMigrations, bo, declaration, brokenWorkers, withBench } from './testing/delivery-bench.ts';

const context = { actor: ada, project: 'flights' };
const good = { weight: 4, bias: 0 };

async function begin(bench: Bench, delivery: Delivery, version = 1): Promise<string> {
  await bench.register(version, good);
  return (await delivery.release(context, { project: 'flights', deployment: 'delay', version, reason: 'a test' })).id;
}

testOnEachDatabase('a server that is killed in any state of a release goes on with it', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    bench.declare(`${declaration}    approvals: 1\n`);
    bench.serving.next = { staging: 'moving', production: 'moving' };
    const answer = bench.serving.predict.bind(bench.serving);
    bench.serving.predict = (_place, { signal }) => sleep(60_000, { status: 200, body: {} }, { signal });

    let server = await bench.start({ file: brokenWorkers.hanging });
    const id = await begin(bench, server.delivery);
    const kill = async (at: ReleaseState): Promise<void> => {
      const { release } = await bench.until(server.delivery, id, at);
      assert.equal(release.state, at);
      await sleep(60);
      await bench.kill(server);
    };
    await kill('checking');
    server = await bench.start();
    await kill('staging');
    await bench.serving.settle(id, 'serving');
    server = await bench.start();
    await kill('smoke-testing');
    bench.serving.predict = answer;
    server = await bench.start();
    await kill('awaiting-approval');
    server = await bench.start();
    await server.delivery.approve({ actor: bo }, { project: 'flights', release: id });
    await kill('production');
    await bench.serving.settle(id, 'serving');
    server = await bench.start();
    const { release, steps } = await bench.until(server.delivery, id);
    assert.equal(release.state, 'released');
    assert.deepEqual(
      steps.map(({ state }) => state),
      ['created', 'checking', 'staging', 'smoke-testing', 'awaiting-approval', 'production', 'released'],
    );
    assert.equal(bench.serving.orders.length, 2, 'each environment was deployed to once');
    assert.equal((await bench.events.find({ types: ['gate.evaluated'] })).length, 2);
  }),
);

testOnEachDatabase('an order whose answer was lost is not given twice', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    const deploy = bench.serving.deploy.bind(bench.serving);
    bench.serving.deploy = async (...order) => {
      await deploy(...order);
      throw new Error('The connection broke.');
    };
    const { delivery } = await bench.start();
    const { release } = await bench.until(delivery, await begin(bench, delivery));
    assert.deepEqual([release.state, bench.serving.orders.length], ['released', 2]);
  }),
);

testOnEachDatabase('a release whose environment never answers fails in the end', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    bench.serving.next.staging = 'failed';
    const { delivery } = await bench.start();
    const { release } = await bench.until(delivery, await begin(bench, delivery));
    assert.equal(release.state, 'failed');
    assert.match(release.failure?.message ?? '', /does not serve in staging: as the test wants/);
    bench.serving.next = { staging: 'serving', production: 'rolled-back' };
    const { release: second } = await bench.until(delivery, await begin(bench, delivery, 2));
    assert.equal(second.state, 'rolled-back');
    assert.deepEqual([...bench.aliases], [['staging', 2]]);
  }),
);
