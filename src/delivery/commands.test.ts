import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { systemActor } from '#kernel/events/index.ts';
import type { Delivery } from './assemble-delivery.ts';
import type { Release } from './model.ts';
import { ada, type Bench, benchMigrations, bo, declaration, brokenWorkers, withBench } from './testing/delivery-bench.ts';

const context = { actor: ada, project: 'flights' };
const good = { weight: 4, bias: 0 };
const project = 'flights';

async function begin(bench: Bench, delivery: Delivery, version: number): Promise<Release> {
  await bench.register(version, good);
  return delivery.release(context, { project, deployment: 'delay', version, reason: 'a test' });
}

testOnEachDatabase('an approval of a second person opens production; the author’s does not', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    bench.declare(`${declaration}    approvals: 1\n`);
    const { delivery } = await bench.start();
    const { id: release } = await begin(bench, delivery, 1);
    await bench.until(delivery, release, 'awaiting-approval');
    await sleep(100);
    const waiting = await delivery.story(project, release);
    assert.deepEqual([waiting.release.state, waiting.gates.length], ['awaiting-approval', 1]);
    await assert.rejects(delivery.approve({ actor: ada }, { project, release }), { code: 'delivery.approver-is-author' });
    await assert.rejects(delivery.approve({ actor: systemActor }, { project, release }), { code: 'delivery.approver-not-a-person' });
    await delivery.approve({ actor: bo }, { project, release, comment: 'looks right' });
    const { gates, approvals } = await bench.until(delivery, release);
    assert.deepEqual([gates[1]?.approvals, gates[1]?.approvalsNeeded, gates[1]?.outcome], [1, 1, 'passed']);
    assert.deepEqual(
      approvals.map(({ approver, comment }) => [approver.id, comment]),
      [['bo', 'looks right']],
    );
    const [approved] = await bench.events.find({ types: ['release.approved'] });
    assert.deepEqual([approved?.actor.id, approved?.data['approver'], approved?.data['digest']], ['bo', 'bo', waiting.release.digest]);
    await assert.rejects(delivery.approve({ actor: bo }, { project, release }), { code: 'delivery.already-finished' });
  }),
);

testOnEachDatabase('what changed in production while a release waited is compared with', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    bench.declare(`${declaration}    approvals: { needed: 1, author_may_approve: true }\n`);
    const { delivery } = await bench.start();
    const first = await begin(bench, delivery, 1);
    await bench.until(delivery, first.id, 'awaiting-approval');
    bench.declare(declaration);
    const second = await begin(bench, delivery, 2);
    assert.equal((await bench.until(delivery, second.id)).release.state, 'released', 'one that waits holds up nobody');
    await delivery.approve({ actor: ada }, { project, release: first.id });
    const { release, gates } = await bench.until(delivery, first.id);
    assert.deepEqual([release.state, gates.map(({ comparedWith }) => comparedWith)], ['released', [undefined, 2]]);
  }),
);

testOnEachDatabase('a cancelled release ends at once; in production its rollout is stopped first', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    bench.serving.next.production = 'moving';
    const hanging = await bench.start({ file: brokenWorkers.hanging });
    const { id } = await begin(bench, hanging.delivery, 1);
    await bench.until(hanging.delivery, id, 'checking');
    const cancelled = await hanging.delivery.cancel({ actor: bo }, { project, release: id, reason: 'wrong month' });
    assert.equal(cancelled.state, 'cancelled');
    const [finished] = await bench.events.find({ types: ['release.finished'] });
    assert.deepEqual([finished?.actor.id, finished?.data['outcome'], finished?.data['reason']], ['bo', 'cancelled', 'wrong month']);
    await hanging.stop();

    const { delivery } = await bench.start();
    const second = await begin(bench, delivery, 2);
    await bench.until(delivery, second.id, 'production');
    await delivery.cancel({ actor: bo }, { project, release: second.id, reason: 'not today' });
    const { release, steps } = await bench.until(delivery, second.id);
    assert.deepEqual([release.state, steps.at(-1)?.note, bench.serving.orders.at(-1)?.state], ['cancelled', 'not today', 'rolled-back']);
    assert.equal((await bench.events.find({ types: ['release.finished'] })).length, 2);

    bench.serving.next = { staging: 'moving', production: 'serving' };
    const third = await begin(bench, delivery, 3);
    await bench.until(delivery, third.id, 'staging');
    assert.equal((await delivery.cancel({ actor: bo }, { project, release: third.id, reason: 'neither' })).state, 'cancelled');
    assert.notEqual(bench.serving.orders.find(({ version }) => version === 3)?.state, 'moving');
  }),
);

testOnEachDatabase('releases of one deployment take turns, and a version is on its way once', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    bench.serving.next.staging = 'moving';
    const { delivery } = await bench.start();
    const first = await begin(bench, delivery, 1);
    await bench.until(delivery, first.id, 'staging');
    await assert.rejects(begin(bench, delivery, 1), { code: 'delivery.already-on-the-way' });
    const [second, third] = await Promise.all([begin(bench, delivery, 2), begin(bench, delivery, 3)]);
    await sleep(200);
    assert.deepEqual(
      (await delivery.list({ project, limit: 10 })).map(({ state }) => state),
      ['created', 'created', 'staging'],
    );
    bench.serving.next.staging = 'serving';
    await bench.serving.settle(first.id, 'serving');
    await Promise.all([first, second, third].map(({ id }) => bench.until(delivery, id)));
    const versions = bench.serving.orders.map(({ version, place }) => `${place.environment} ${version}`);
    const inTurn = [second, third].toSorted((a, b) => a.number - b.number).flatMap(({ version: v }) => [`staging ${v}`, `production ${v}`]);
    assert.deepEqual(versions, ['staging 1', 'production 1', ...inTurn]);
  }),
);

testOnEachDatabase('a version that a trigger trained is released once, where the deployment says so', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    bench.declare(`${declaration}    release: automatic\n`);
    const server = await bench.start();
    await bench.register(1, good);
    bench.runs.set('by-hand', { trigger: { kind: 'manual' }, registered: { model: 'delay', version: 1 } });
    bench.runs.set('by-alert', { trigger: { kind: 'alert' }, registered: { model: 'delay', version: 1 } });
    bench.runs.set('nothing', { trigger: { kind: 'alert' }, registered: undefined });
    for (const run of ['by-hand', 'nothing', 'by-alert', 'by-alert']) await bench.finishRun(run);
    let found: Release[] = [];
    for (let tries = 0; tries < 200 && found.length === 0; tries++) {
      await sleep(20);
      found = await server.delivery.list({ project, limit: 10 });
    }
    await bench.until(server.delivery, found[0]?.id ?? '');
    await server.stop();
    const again = await bench.start();
    const releases = await again.delivery.list({ project, limit: 10 });
    assert.deepEqual(
      releases.map(({ state, cause, author, reason }) => [state, cause, author.kind, reason]),
      [['released', 'retrain', 'system', 'Trained by pipeline run by-alert, which was started by an alert.']],
    );
  }),
);

testOnEachDatabase('a rehearsal that the gates let pass is stopped before staging', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    const { delivery } = await bench.start();
    await bench.register(1, good);
    const asked = { project, deployment: 'delay', version: 1, reason: 'it should be refused', deliberate: true };
    const { release, gates } = await bench.until(delivery, (await delivery.release(context, asked)).id);
    assert.deepEqual([release.state, release.failure?.code, gates[0]?.outcome], ['failed', 'delivery.rehearsal-passed', 'passed']);
    assert.equal(bench.serving.orders.length, 0);
  }),
);

testOnEachDatabase('after a rollback the alias names the version that serves again', benchMigrations, (database) =>
  withBench(database, async (bench) => {
    const { delivery } = await bench.start();
    for (const version of [1, 2]) await bench.until(delivery, (await begin(bench, delivery, version)).id);
    assert.equal(bench.aliases.get('production'), 2);
    const data = { deployment: 'delay', environment: 'production', fromVersion: '2', toVersion: '1' };
    await bench.events.change(context, async (change) =>
      change.emit({ type: 'service.rolled-back', source: 'serving', subject: 'deployments/delay', data }),
    );
    for (let tries = 0; tries < 200 && bench.aliases.get('production') !== 1; tries++) await sleep(10);
    assert.deepEqual(Object.fromEntries(bench.aliases), { staging: 2, production: 1 });
  }),
);
