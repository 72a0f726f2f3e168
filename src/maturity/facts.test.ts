import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assess } from './assessment.ts';
import { sum, add, type Tally } from './facts/tally.ts';
import { emptyFacts, type Facts, foldEvent, foldEvents, type MaturityEvent } from './facts.ts';
import {
  ada,
  ben,
  day,
  type Draft,
  deployed,
  gate,
  monitorWindow,
  numbered,
  registered,
  released,
  runFinished,
  runStarted,
  say,
  snapshot,
} from './testing.ts';

/** Any events in any order, sensible or not, of two projects and the server. */
const draft: fc.Arbitrary<Draft> = fc
  .tuple(
    fc.constantFrom(
      snapshot('flights', 1),
      snapshot('__proto__', 2, { contract: null }),
      runStarted('r1'),
      runStarted('7', { dirty: true }),
      runFinished('r1'),
      registered(1),
      registered(2, { digest: null }),
      ...released(1),
      gate(1, 'production', { outcome: 'refused' }),
      deployed(2, 'production', { cause: 'rollback' }),
      say('service.rolled-back', { deployment: 'delay', environment: 'production', fromRevision: 1, toRevision: 2, durationMs: 5 }),
      monitorWindow(0),
      monitorWindow(3, { complete: false, metrics: null }),
      ...['deleted', 'restored', 'purged'].flatMap((what) => [
        say(`model.${what}`, { model: 'delay' }),
        say(`model.version.${what}`, { model: 'delay', version: 1 }),
      ]),
      say('model.renamed', { model: 'late', from: 'delay' }),
      say('labels.received', { count: 3, joined: 2 }),
      say('alert.fired', { alert: 'a', rule: 'r' }),
      say('alert.acknowledged', { alert: 'a' }),
      say('member.added', { member: 'ben', personas: ['business', 3, null] }),
      say('project.created', { name: 'flights', template: 'onnx' }),
      say('audit.verified', { ok: true }),
      say('assessment.computed', { stage: 'none' }),
      say('monitor.created', { deployment: 'delay', monitors: 'all' }),
    ),
    fc.constantFrom(ada, ben),
    fc.constantFrom('flights', 'flights', 'other', undefined),
    fc.integer({ min: -40 * day, max: 40 * day }),
  )
  .map(([one, actor, project, after]) => ({ ...one, actor, project, after }));

const log = fc.array(draft, { maxLength: 60 }).map(numbered);
const through = (facts: Facts): Facts => JSON.parse(JSON.stringify(facts)) as Facts;
const same = (left: Facts, right: Facts): void => {
  assert.deepEqual(through(left), through(right));
  // Tables are ordered, which deepEqual does not see; results would show it.
  assert.deepEqual(assess(left), assess(right));
};

test('folding in portions, stored as JSON in between, equals folding at once', () => {
  fc.assert(
    fc.property(log, fc.nat(60), (events, cut) => {
      const first = through(foldEvents(emptyFacts('flights'), events.slice(0, cut)));
      same(foldEvents(first, events.slice(cut)), foldEvents(emptyFacts('flights'), events));
    }),
    { numRuns: 300 },
  );
});

test('an event that is delivered twice counts once', () => {
  fc.assert(
    fc.property(log, (events) => {
      const twice = events.flatMap((event) => [event, event]);
      same(foldEvents(emptyFacts('flights'), twice), foldEvents(emptyFacts('flights'), events));
    }),
  );
});

test('events of other projects change nothing but what is shared', () => {
  fc.assert(
    fc.property(log, (events) => {
      const facts = foldEvents(
        emptyFacts('flights'),
        events.filter((event) => event.project === 'other'),
      );
      const { organisation, chain, lastTime, upTo, folded, ...own } = facts;
      const { organisation: _o, chain: _c, lastTime: _l, upTo: _u, folded: _f, ...empty } = emptyFacts('flights');
      assert.ok(organisation !== undefined && chain !== undefined && lastTime >= 0 && upTo >= folded);
      assert.deepEqual(own, empty);
    }),
  );
});

test('the order of independent events changes no result', () => {
  const independent = [
    snapshot('a', 1),
    snapshot('b', 1),
    runStarted('x'),
    runStarted('y', { dirty: true }),
    monitorWindow(0),
    monitorWindow(1),
  ];
  const summary = (drafts: readonly Draft[]) =>
    assess(foldEvents(emptyFacts('flights'), numbered(drafts))).criteria.map(({ criterion, state, score, numerator, denominator }) => ({
      criterion,
      state,
      score,
      numerator,
      denominator,
    }));
  const expected = summary(independent);
  fc.assert(
    fc.property(fc.shuffledSubarray(independent, { minLength: independent.length }), (shuffled) => {
      assert.deepEqual(summary(shuffled), expected);
    }),
  );
});

test('whatever happens, scores stay between 0 and 1 and a full score is a pass', () => {
  fc.assert(
    fc.property(log, (events) => {
      const assessment = assess(foldEvents(emptyFacts('flights'), events));
      for (const result of assessment.criteria) {
        assert.ok(result.score >= 0 && result.score <= 1, `${result.criterion}: ${result.score}`);
        assert.equal(result.score === 1, result.state === 'pass', `${result.criterion}: ${result.state} ${result.score}`);
        assert.ok(result.evidence.length <= 50 && result.evidence.every((number) => number <= assessment.upTo));
      }
      for (const stage of assessment.stages) assert.ok(stage.score >= 0 && stage.score <= 1);
    }),
    { numRuns: 300 },
  );
});

test('a tally keeps the newest days and events only, and its counts', () => {
  const tally: Tally = {};
  for (let index = 0; index < 500; index += 1) {
    for (let one = 0; one < 20; one += 1) add(tally, { time: index * day, number: index * 20 + one }, true);
  }
  assert.equal(Object.keys(tally).length, 400);
  const last = sum(tally, 499 * day);
  assert.deepEqual([last.met, last.metEvents.length, last.metEvents.at(-1)], [20, 10, 9999]);
});

test('facts of a long history stay small', () => {
  const facts = emptyFacts('flights');
  const base = numbered(released(1));
  let number = 0;
  for (let round = 0; round < 3000; round += 1) {
    for (const event of [base[1], base[3], base[4]]) {
      number += 1;
      const data = { ...event?.data, run: `r${round}`, version: round, release: `rel${round}` };
      foldEvent(facts, { ...(event as MaturityEvent), number, data });
    }
  }
  assert.ok(Object.keys(facts.models.versions).length <= 2200);
  assert.ok(JSON.stringify(facts).length < 3_000_000);
});

test('deleted model versions are no evidence, restored and renamed ones are again', () => {
  const names = (...drafts: Draft[]) =>
    Object.values(foldEvents(emptyFacts('flights'), numbered([registered(1), registered(2), ...drafts])).models.versions).map(
      ({ model, version }) => `${model} ${version}`,
    );
  const [first, second] = names();
  assert.ok(first !== undefined && second !== undefined);
  const model = first.split(' ')[0] ?? '';
  const about = (what: string, data: Draft['data'] = {}) => say(`model.${what}`, { model, ...data });
  assert.deepEqual(names(about('version.deleted', { version: 1 })), [second]);
  assert.deepEqual(names(about('version.deleted', { version: 1 }), about('version.restored', { version: 1 })).toSorted(), [first, second]);
  assert.deepEqual(names(about('deleted')), []);
  assert.deepEqual(names(about('version.deleted', { version: 1 }), about('deleted'), about('restored', { model: 'back', from: model })), [
    'back 2',
  ]);
  assert.deepEqual(names(about('renamed', { model: 'late', from: model })), ['late 1', 'late 2']);
  assert.deepEqual(names(about('deleted'), about('purged'), about('restored')), []);
});
