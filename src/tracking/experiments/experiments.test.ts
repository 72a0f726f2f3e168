import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { eventMigrations } from '#kernel/events/index.ts';
import { checkArtifactLocation } from './artifact-location.ts';
import { trackingMigrations } from '../migrations.ts';
import { context, testTracking } from '../testing.ts';
import type { ExperimentWire } from '../wire.ts';

const address = '/api/v1/projects/flights/experiments';

testTracking('experiments are numbered from 1 in each project, without gaps, however many come at once', async ({ tracking }) => {
  const make = (project: string, name: string) => tracking.createExperiment({ ...context, project }, { project, name });
  const made = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => make('flights', name)));
  assert.deepEqual(
    made.map(({ sequence }) => sequence).toSorted((a, b) => a - b),
    [1, 2, 3, 4, 5],
  );
  assert.equal((await make('other', 'a')).sequence, 1);
  const run = await tracking.startRun(context, { project: 'flights', experiment: 'f' });
  assert.equal(run.experimentSequence, 6);
  await tracking.deleteExperiment(context, { project: 'flights', sequence: 6 });
  assert.equal((await make('flights', 'g')).sequence, 7);
});

testTracking('the same name at the same time makes one experiment; the others are told that it exists', async ({ tracking }) => {
  const attempts = await Promise.allSettled(
    Array.from({ length: 6 }, () => tracking.createExperiment(context, { project: 'flights', name: 'once' })),
  );
  assert.equal(attempts.filter(({ status }) => status === 'fulfilled').length, 1);
  for (const attempt of attempts) {
    if (attempt.status === 'rejected') assert.equal((attempt.reason as { code: string }).code, 'tracking.experiment-exists');
  }
});

testTracking('number 0 is the experiment Default, there as soon as somebody asks', async ({ tracking, events }) => {
  const asked = await Promise.all([
    tracking.experiment('flights', { sequence: 0 }),
    tracking.experiment('flights', { name: 'Default' }),
    tracking
      .startRun(context, { project: 'flights', experiment: { sequence: 0 } })
      .then(() => tracking.experiment('flights', { sequence: 0 })),
  ]);
  assert.equal(new Set(asked.map(({ id }) => id)).size, 1);
  assert.deepEqual([asked[0].name, asked[0].sequence], ['Default', 0]);
  assert.equal((await events.find({ types: ['experiment.created'] })).length, 1);
  await tracking.editExperiment(context, { project: 'flights', sequence: 0 }, { name: 'First' });
  assert.equal((await tracking.createExperiment(context, { project: 'flights', name: 'Default' })).sequence, 1);
  assert.equal((await tracking.experiment('flights', { sequence: 0 })).name, 'First');
  await assert.rejects(tracking.experiment('flights', { sequence: 7 }), { code: 'tracking.experiment-number-not-found' });
  await assert.rejects(tracking.startRun(context, { project: 'flights', experiment: { sequence: 7 } }), {
    code: 'tracking.experiment-number-not-found',
  });
});

testTracking(
  'restoring an experiment leaves runs deleted that were deleted before, even in the same millisecond',
  async ({ tracking, start }) => {
    const before = await start('before');
    const alone = await start('alone');
    const kept = await start('kept');
    await tracking.deleteRun(context, before.id);
    const experiment = { project: 'flights', id: kept.experimentId };
    await tracking.deleteExperiment(context, experiment);
    // A run that is brought back by itself is not brought back a second time with what was deleted later.
    await tracking.restoreRun(context, alone.id);
    await tracking.deleteRun(context, alone.id);
    await tracking.restoreExperiment(context, experiment);
    const deleted = async (run: string) => (await tracking.run('flights', run)).deletedAt !== undefined;
    assert.deepEqual([await deleted(before.id), await deleted(alone.id), await deleted(kept.id)], [true, true, false]);
  },
);

testTracking('an experiment says where its files lie and when it was changed', async ({ api, clock, tracking }) => {
  const body = { name: 'x'.repeat(500), artifactLocation: 's3://bucket/a b?region=eu', tags: { team: 'delay' } };
  const made = await api.call<ExperimentWire>('POST', address, body, { status: 201 });
  assert.deepEqual([made.artifactLocation, made.sequence, made.updatedAt], [body.artifactLocation, 1, made.createdAt]);
  clock.advance(5);
  const changed = await api.call<ExperimentWire>('PATCH', `${address}/${made.id}`, { tags: { team: 'ops' } });
  assert.equal(changed.updatedAt, made.createdAt + 5);
  const byNumber = `${address}/${made.sequence}`;
  const run = await tracking.startRun(context, {
    project: 'flights',
    experiment: { sequence: 1 },
    inputs: [{ dataset: 'd', digest: '1' }],
  });
  assert.deepEqual(await api.call('GET', `${byNumber}/datasets`), { items: [{ dataset: 'd', digest: '1' }] });
  assert.equal((await api.call<ExperimentWire>('GET', byNumber)).id, run.experimentId);
  const found = await api.call<{ items: ExperimentWire[] }>('GET', `${address}?name=${made.name}`);
  assert.deepEqual(
    found.items.map(({ sequence }) => sequence),
    [1],
  );
  await api.call('POST', address, { name: 'x'.repeat(501) }, { status: 400 });
  await api.call('POST', address, { name: 'up', artifactLocation: 's3://bucket/%252e%252e/etc' }, { status: 400 });
});

test('a location that would lead somewhere else is refused, any other is kept as it is', () => {
  for (const location of [
    '/srv/runs',
    's3://b/p',
    'file:///tmp/a%20b',
    'mlflow-artifacts:/3',
    'C:\\runs\\x',
    'hdfs://h:1/p?op=x',
    '100%',
    './here',
  ]) {
    assert.equal(checkArtifactLocation(location), location);
  }
  for (const location of [
    'runs:/1/model',
    's3://b/../c',
    '/a/%2e%2e/b',
    's3://b/p#f',
    'a\nb',
    'x'.repeat(2049),
    'file:///%ff',
    's3://b\\..\\c',
  ])
    assert.throws(() => checkArtifactLocation(location), { code: 'tracking.artifact-location-invalid' }, location);
});

const before = { module: 'tracking', migrations: trackingMigrations.migrations.slice(0, 1) };

testOnEachDatabase(
  'experiments of an older database get their numbers, details of datasets are kept once',
  [eventMigrations, before],
  async (database) => {
    await database.transaction(async (tx) => {
      for (const [name, project, deleted] of [
        ['Default', 'a', 'null'],
        ['x', 'a', '5'],
        ['y', 'a', 'null'],
        ['z', 'b', 'null'],
      ]) {
        await sql`insert into experiments (id, project, name, created_at, deleted_at)
        values (${`${project}${name}`}, ${project}, ${name}, 1, ${sql.raw(deleted ?? '')})`.execute(tx.query());
      }
      for (const [id, deleted] of [
        ['r1', 4],
        ['r2', 5],
      ]) {
        await sql`insert into runs (id, project, experiment, name, state, started_at, deleted_at, started_by, started_by_name, compute_target)
        values (${id}, 'a', 2, 'n', 'finished', 1, ${deleted}, '{}', 'u', 'local')`.execute(tx.query());
        await sql`insert into run_inputs (run, dataset, digest, snapshot, details) values (${id === 'r1' ? 1 : 2}, 'd', 'x', 0, '{"source":"s"}')`.execute(
          tx.query(),
        );
      }
    });
    await database.migrate([trackingMigrations]);
    const rows = async (query: string) =>
      (await sql.raw<Record<string, unknown>>(query).execute(database.query())).rows.map((row) => ({ ...row }));
    assert.deepEqual(await rows('select id, sequence, updated_at from experiments order by number'), [
      { id: 'aDefault', sequence: 0, updated_at: 1 },
      { id: 'ax', sequence: 1, updated_at: 1 },
      { id: 'ay', sequence: 2, updated_at: 1 },
      { id: 'bz', sequence: 1, updated_at: 1 },
    ]);
    assert.deepEqual(await rows('select id, deleted_with_experiment as d from runs order by number'), [
      { id: 'r1', d: null },
      { id: 'r2', d: 1 },
    ]);
    assert.deepEqual(await rows('select details, body from run_inputs join input_details on number = details'), [
      { details: 1, body: '{"source":"s"}' },
      { details: 1, body: '{"source":"s"}' },
    ]);
  },
);
