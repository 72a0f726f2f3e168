import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { systemActor } from '#kernel/events/index.ts';
import { context, migrationSets, until, withOrchard } from '../testing/orchard.ts';
import { matches } from './matches.ts';

const event = { type: 'alert.fired', number: 1, id: '1', source: 'x', subject: 'x', time: 0, actor: systemActor, project: 'orchard' };

test('a trigger matches by type and by each member of where', () => {
  const data = { severity: 'critical', value: 3, window: { start: 5 }, none: null };
  const trigger = (where: Parameters<typeof matches>[0]['where'], on = 'alert.fired') => ({
    kind: 'event' as const,
    on,
    where,
    parameters: {},
  });
  for (const where of [
    {},
    { severity: 'critical' },
    { severity: ['high', 'critical'] },
    { 'window.start': 5 },
    { none: null },
    { severity: 'critical', value: 3 },
  ])
    assert.ok(matches(trigger(where), { ...event, data }), JSON.stringify(where));
  for (const where of [
    { severity: 'low' },
    { severity: [] },
    { value: '3' },
    { missing: null },
    { 'window.end': 5 },
    { severity: 'critical', value: 4 },
  ])
    assert.ok(!matches(trigger(where), { ...event, data }), JSON.stringify(where));
  assert.ok(!matches(trigger({}, 'alert.resolved'), { ...event, data }));
});

testOnEachDatabase('pipelines that feed each other come to an end', migrationSets, (database) =>
  withOrchard(database, async (orchard, server) => {
    const trigger = (pipeline: string) => `triggers: [{ on: pipeline.run.finished, where: { pipeline: ${pipeline} } }]`;
    orchard.write({
      'ripen.yaml': `
pipelines:
  ping: { ${trigger('pong')}, steps: { s: { command: 'true', cache: false } } }
  pong: { ${trigger('ping')}, steps: { s: { command: 'true', cache: false } } }
  self: { ${trigger('self')}, steps: { s: { command: 'true', cache: false } } }
`,
    });
    await server.pipelines.define(context, 'orchard');
    const runs = () => server.pipelines.pipelineRuns({ project: 'orchard', limit: 50 });
    const quiet = async () =>
      (await server.jobs.find()).length === 0 && (await runs()).every(({ state }) => state === 'succeeded') && (await settled());
    const settled = async () => {
      const before = (await runs()).length;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return (await runs()).length === before && (await server.jobs.find()).length === 0;
    };
    await server.pipelines.startRun(context, { project: 'orchard', pipeline: 'ping' });
    await server.pipelines.startRun(context, { project: 'orchard', pipeline: 'self' });
    await until(quiet);
    const all = await runs();
    assert.equal(all.filter(({ pipeline }) => pipeline === 'self').length, 1);
    assert.equal(all.filter(({ pipeline }) => pipeline !== 'self').length, 6);
  }),
);
