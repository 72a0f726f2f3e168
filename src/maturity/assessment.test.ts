import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assess } from './assessment.ts';
import { atLeast, criterion } from './criteria/criterion.ts';
import { emptyFacts, foldEvents } from './facts.ts';
import { continueFrom } from './falling-back.ts';
import { measured, noData, notApplicable } from './measures/share.ts';
import type { Assessment, Catalogue, Criterion, Measurement, Stage } from './model.ts';
import { stages } from './model.ts';
import { renderLadder } from './render-ladder.ts';
import { ada, day, type Draft, factsOf, monitorWindow, numbered, registered, released, runFinished, runStarted, say } from './testing.ts';
import { assessmentToWire } from './to-wire.ts';
import { assessmentSchema } from './wire.ts';

/** One project, one person, everything that the platform can do alone. */
const alone: Draft[] = [
  say('project.created', { name: 'flights', title: 'Flights', template: 'onnx-typescript' }),
  say('member.added', { member: 'ada', personas: ['data-scientist'] }),
  ...Array.from({ length: 10 }, (_, index) => [runStarted(`x${index}`), runFinished(`x${index}`)]).flat(),
  ...released(1, ada),
  monitorWindow(0),
];

test('one person on one machine does not reach the first stage, and the ladder says why', () => {
  const assessment = assess(factsOf(alone));
  assert.equal(assessment.stage, 'none');
  const result = (id: string) => assessment.criteria.find((one) => one.criterion === id);
  assert.equal(result('I-COL-1')?.state, 'partial');
  assert.match(result('I-COL-2')?.explanation ?? '', /takes two people, and only Ada works in this project/);
  assert.match(result('E-GOV-2')?.explanation ?? '', /takes a second person, and one person alone works in this project/);
  assert.equal(assessment.nextSteps[0]?.criterion, 'I-COL-1');
  assert.deepEqual(assessment.stages[0]?.missingMusts, ['I-COL-1', 'S1-SBX-1', 'S1-SBX-2', 'S1-FBK-1']);
});

test('a past assessment can be computed again from the events up to its number, root and all', () => {
  const events = numbered(alone);
  const running = emptyFacts('flights');
  for (const event of events) {
    foldEvents(running, [event]);
    if (event.number % 7 !== 0) continue;
    const then = assess(running);
    const again = assess(
      foldEvents(
        emptyFacts('flights'),
        events.filter((one) => one.number <= event.number),
      ),
    );
    assert.deepEqual(again, then);
  }
});

test('the evidence root changes with any event that counted, even one that no criterion names', () => {
  const events = numbered(alone);
  const other = events.map((event) => (event.number === 3 ? { ...event, id: 'f'.repeat(32) } : event));
  const root = (list: typeof events) => assess(foldEvents(emptyFacts('flights'), list)).evidenceRoot;
  assert.notEqual(root(other), root(events));
});

test('nothing has happened: no data everywhere, and no stage', () => {
  const assessment = assess(emptyFacts('flights'));
  assert.equal(assessment.stage, 'none');
  assert.ok(assessment.criteria.every((result) => result.score === 0));
  assert.ok(assessmentSchema.safeParse(assessmentToWire(assessment)).success);
});

const rule = (id: string, measurement: Measurement, over: Partial<Criterion> = {}): Criterion => ({
  ...criterion({ id, title: id, weight: 1, threshold: atLeast(1), source: 'own', explanation: '', nextStep: { text: '' } }),
  measure: () => measurement,
  ...over,
});
const value = (amount: number): Measurement => measured({ value: amount, numerator: amount, denominator: 1, explanation: 'x' });

function catalogueOf(rules: Partial<Record<Stage, readonly Criterion[]>>): Catalogue {
  const criteria = stages.flatMap((stage) =>
    (rules[stage] ?? [rule(`${stage}-filler`, value(0))]).map((one) => ({
      ...one,
      stage,
      capability: { slug: stage, title: stage, stage },
    })),
  );
  return { version: 'test', criteria };
}

const enoughRuns = factsOf(Array.from({ length: 10 }, (_, index) => runStarted(`r${index}`)));
const assessWith = (rules: readonly Criterion[], at = 0): Assessment =>
  assess(enoughRuns, { at, catalogue: catalogueOf({ initial: rules }) });

test('a stage is reached at 0.80 with every must', () => {
  const passes = Array.from({ length: 4 }, (_, index) => rule(`p${index}`, value(1)));
  assert.equal(assessWith([...passes, rule('miss', value(0))]).stage, 'initial');
  assert.equal(assessWith([...passes, rule('miss', value(0), { must: true })]).stage, 'none');
  assert.equal(assessWith([...passes.slice(1), rule('miss', value(0))]).stage, 'none');
});

test('no data stays in the denominator, what does not apply leaves it', () => {
  const passes = Array.from({ length: 3 }, (_, index) => rule(`p${index}`, value(1)));
  assert.equal(assessWith([...passes, rule('n', noData('nothing'))]).stages[0]?.score, 0.75);
  assert.equal(assessWith([...passes, rule('n', notApplicable('nothing'), { must: true })]).stage, 'initial');
});

test('a stage needs its volume: one good run is not yet a stage', () => {
  const catalogue = catalogueOf({ initial: [rule('p', value(1))] });
  assert.equal(assess(factsOf([runStarted('one')]), { catalogue }).stage, 'none');
});

test('a stage is not reached over an open one below it', () => {
  const catalogue = catalogueOf({ initial: [rule('m', value(0))], repeatable: [rule('p', value(1))] });
  const assessment = assess(enoughRuns, { catalogue });
  assert.deepEqual(
    assessment.stages.map((stage) => stage.shown),
    [false, false, false, false],
  );
});

test('the next best step: lowest open stage, must, weight, nearness; what cannot be proved yet comes last', () => {
  const { measure: _measure, ...unmeasured } = rule('later', value(0), { must: true, weight: 3 });
  const rules = [unmeasured, rule('light', value(0.5)), rule('heavy', value(0), { weight: 3 }), rule('must', value(0), { must: true })];
  assert.deepEqual(
    assessWith(rules).nextSteps.map((step) => step.criterion),
    ['must', 'heavy', 'light'],
  );
  assert.deepEqual(assessWith([rule('far', value(0)), rule('near', value(0.9))]).nextSteps[0]?.criterion, 'near');
});

test('a reached stage survives a short dip of a must, and is lost after 24 hours or at once for a control', () => {
  const rules = (failing: string | undefined): Criterion[] =>
    ['a', 'b', 'c', 'd', 'e', 'f', 'E-GOV-3'].map((id) =>
      rule(id, value(id === failing ? 0.5 : 1), { must: id === 'a' || id === 'E-GOV-3' }),
    );
  const at = (time: number, failing?: string): Assessment => assessWith(rules(failing), time);
  const reached = continueFrom(undefined, at(0));
  assert.equal(reached.stage, 'initial');
  const dip = continueFrom(reached, at(day / 2, 'a'));
  assert.equal(dip.stage, 'initial');
  assert.equal(dip.stages[0]?.shown, false);
  assert.equal(continueFrom(dip, at(day)).stages[0]?.mustFailingSince, undefined);
  assert.equal(continueFrom(dip, at(2 * day, 'a')).stage, 'none');
  assert.equal(continueFrom(reached, at(1, 'E-GOV-3')).stage, 'none');
});

test('a reached stage is kept down to 0.75, which would not reach it', () => {
  const rules = (score: number): Criterion[] => Array.from({ length: 4 }, (_, index) => rule(`p${index}`, value(index === 0 ? score : 1)));
  const reached = continueFrom(undefined, assessWith(rules(1), 5));
  const kept = continueFrom(reached, assessWith(rules(0), 9));
  assert.deepEqual([kept.stage, kept.stages[0]?.shown, kept.stages[0]?.reachedAt], ['initial', false, 5]);
  assert.equal(continueFrom(undefined, assessWith(rules(0))).stage, 'none');
  assert.equal(kept.criteria.find((result) => result.criterion === 'p1')?.since, 5);
  assert.equal(kept.criteria.find((result) => result.criterion === 'p0')?.since, 9);
});

test('the ladder prints within its width, with marks in shape and word', () => {
  const wire = assessmentToWire(assess(factsOf([...alone, registered(9, { digest: 'x' })])));
  for (const width of [60, 80, 100]) {
    const text = renderLadder(wire, { width });
    for (const line of text.split('\n').slice(0, -2)) assert.ok(line.length <= width, `${line.length}: ${line}`);
    assert.match(text, /Not yet Initial/);
    assert.match(text, /\[x\] met {17}I-INF-1 {2}must {2}Training/);
    assert.match(text, /Next best step\n {2}I-COL-1 At least two roles/);
  }
  assert.match(renderLadder(wire, { all: true }), /\[\.\] not yet measurable/);
});
